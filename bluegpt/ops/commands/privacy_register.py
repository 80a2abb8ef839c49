"""`bluegpt privacy export-register` and `assessment`: the registers as files."""

import argparse
from pathlib import Path

from bluegpt.ops.errors import Complaint
from bluegpt.privacy.errors.manifest import AssessmentOverdue
from bluegpt.privacy.queries import assessment as assessments
from bluegpt.privacy.queries import register_sheets

_LANGUAGES = ("en", "fr")


def export(arguments: argparse.Namespace) -> int:
    """A page and a file of each sheet, in each language, into a folder."""
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    for language in _LANGUAGES:
        for sheet in register_sheets.SHEETS:
            # The mark at the start lets spreadsheets read the accents.
            text = register_sheets.as_csv(sheet, language=language)
            _written(folder / f"{sheet}.{language}.csv", "\ufeff" + text)
        page = register_sheets.as_html(language=language)
        _written(folder / f"register.{language}.html", page)
    return 0


def assessment(arguments: argparse.Namespace) -> int:
    """The impact assessment as text, with its SHA-256 behind it; 1 when it is overdue."""
    try:
        found = assessments.assessment(language=arguments.language)
    except AssessmentOverdue as late:
        raise Complaint(str(late), exit_code=1) from None
    print(found.text)
    print(f"SHA-256 {found.sha256}")
    return 0


def _written(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
    print(path)
