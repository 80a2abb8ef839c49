"""`python -m tools.messages update` after changing words; `check` says what is left to do."""

import sys
from pathlib import Path

from tools.messages import catalogue
from tools.messages.findings import findings
from tools.messages.sources import found_in

ROOT = Path(__file__).resolve().parents[2] / "bluegpt"
FRENCH = ROOT / "web" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
_SHOWN_MAX = 60


def update(root: Path, po_path: Path) -> None:
    """Take the sources' messages into the catalogue, drop the unused ones, compile it.

    A changed English sentence is a new message: no old translation is guessed for it.
    """
    present = catalogue.read(po_path)
    present.update(found_in(root), no_fuzzy_matching=True)
    catalogue.write(present, po_path)
    empty = sum(not all(catalogue.french_of(message)) for message in present if message.id)
    print(
        f"{len(present)} messages, {empty} without a translation, {len(present.obsolete)} dropped"
    )


def check(root: Path, po_path: Path) -> int:
    """List what is wrong; 1 when anything is."""
    wrong = sorted(findings(root, po_path))
    for line in wrong[:_SHOWN_MAX]:
        print(line)
    if len(wrong) > _SHOWN_MAX:
        print(f"… and {len(wrong) - _SHOWN_MAX} more")
    if wrong:
        print(f"{len(wrong)} findings: `make messages` takes in new words and drops unused ones")
    return 1 if wrong else 0


def main(words: list[str]) -> int:
    """One word: `update` or `check`. Exit 1 for findings, 2 for another word."""
    match words:
        case ["update"]:
            update(ROOT, FRENCH)
            return 0
        case ["check"]:
            return check(ROOT, FRENCH)
        case _:
            print("usage: python -m tools.messages update|check", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
