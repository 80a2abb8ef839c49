"""`make bench`: what a person waits for and what a token costs, as ratios within one run."""

import sys

from bench import answers, export, gallery, ledger, media, pages, privacy, retention

PARTS = {
    "answers": answers.run,
    "pages": pages.run,
    "gallery": gallery.run,
    "ledger": ledger.run,
    "privacy": privacy.run,
    "retention": retention.run,
    "export": export.run,
    "media": media.run,
}
# Those that take sizes, by name and number of words.
SIZED = {
    ("export", 3): export.run,  # messages, megabytes of media
    ("media", 2): media.run,  # megabytes
}


def main(wanted: list[str]) -> int:
    """Run the named parts, all of them by default. Exit 2 for a name that is not known."""
    sizes = wanted[1:]
    if sizes and all(map(str.isdigit, sizes)) and (wanted[0], len(wanted)) in SIZED:
        SIZED[wanted[0], len(wanted)](sizes)
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
