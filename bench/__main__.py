"""`make bench`: what a person waits for and what a token costs, as ratios within one run."""

import sys

from bench import answers, export, ledger, media, pages, privacy, retention

PARTS = {
    "answers": answers.run,
    "pages": pages.run,
    "ledger": ledger.run,
    "privacy": privacy.run,
    "retention": retention.run,
    "export": export.run,
    "media": media.run,
}


def main(wanted: list[str]) -> int:
    """Run the named parts, all of them by default. Exit 2 for a name that is not known."""
    if wanted[:1] == ["export"] and len(wanted) == 3:  # messages, megabytes of media
        export.run(wanted[1:])
        return 0
    if wanted[:1] == ["media"] and len(wanted) == 2:  # megabytes
        media.run(wanted[1:])
        return 0
    unknown = set(wanted) - set(PARTS)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
        return 2
    for name in wanted or PARTS:
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
