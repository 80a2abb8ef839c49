"""The registers as files: the sheet of Article 30, the processors, the ways out of the EEA."""

import csv
import io
from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.queries import registers
from bluegpt.privacy.queries.manifest import manifest

SHEETS = ("activities", "processors", "transfers")
Rows = list[list[str]]


def as_csv(sheet: str, *, language: str) -> str:
    """One sheet, its names in the first row; UTF-8, and what a spreadsheet would run is text."""
    with translation.override(language):
        rows = _rows(sheet)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [_harmless(cell) for cell in row] for row in rows
    )
    return text.getvalue()


def as_html(*, language: str) -> str:
    """All sheets in one page that needs nothing beside it."""
    with translation.override(language):
        sheets = [(_title(sheet), _rows(sheet)) for sheet in SHEETS]
        return render_to_string(
            "privacy/register.html",
            {
                "sheets": [
                    (title, [list(zip(rows[0], row, strict=True)) for row in rows[1:]])
                    for title, rows in sheets
                ],
                "language": language,
                "operator": manifest().operator,
                "digest": manifest().digest,
                "made_at": clock.now(),
            },
        )


def _rows(sheet: str) -> Rows:
    return {"activities": _activities, "processors": _processors, "transfers": _transfers}[sheet]()


def _title(sheet: str) -> str:
    return {
        "activities": _("Processing activities"),
        "processors": _("Processors"),
        "transfers": _("Transfers outside the European Economic Area"),
    }[sheet]


def _activities() -> Rows:
    operator = manifest().operator
    dpo = operator.dpo
    if not dpo and operator.dpo_reason is not None:
        dpo = _("None: %(reason)s") % {
            "reason": operator.dpo_reason.in_language(translation.get_language() or "en")
        }
    head = [
        *(_("Reference"), _("Activity"), _("Controller"), _("Contact"), _("Postal address")),
        *(_("Data protection officer"), _("Purpose"), _("Role"), _("Legal basis")),
        *(_("People concerned"), _("Kinds of data"), _("Recipients")),
        *(_("Transfers outside the European Economic Area"), _("Time limits"), _("Balancing")),
    ]
    rows = [
        [
            *(each.key, each.name, operator.company, operator.email, operator.post, dpo, each.why),
            each.role,
            _lines(f"{data_class}: {basis}" for data_class, basis in each.bases.items()),
            _("people who have an account here"),
            *(_lines(each.kinds), _lines(each.recipients), _lines(each.transfers)),
            *(_lines(each.terms), each.balancing),
        ]
        for each in registers.activities()
    ]
    return [head, *rows]


def _processors() -> Rows:
    head = [
        *(_("Reference"), _("Company"), _("Country"), _("Purpose"), _("Kinds of data")),
        *(_("What allows the transfer"), _("What it keeps"), _("Trains on prompts")),
        *(_("Processing agreement"), _("Terms"), _("Review by"), _("Source"), _("Closed because")),
    ]
    rows = [
        [
            *(each.key, each.company, each.country, _lines(each.purposes), _lines(each.kinds)),
            *(each.instrument, each.retention, _("yes") if each.trains_on_prompts else _("no")),
            *(each.dpa_url, each.terms_url, str(each.review_by or ""), each.source),
            each.closed_because,
        ]
        for each in registers.processors()
    ]
    return [head, *rows]


def _transfers() -> Rows:
    head = [
        *(_("Reference"), _("Basis"), _("Countries"), _("What allows the transfer")),
        *(_("Recipients"), _("Review by"), _("Overdue"), _("Source")),
    ]
    rows = [
        [
            *(each.key, each.basis, " ".join(each.countries), each.instrument),
            *(_lines(each.companies), str(each.review_by or "")),
            *(_("yes") if each.is_overdue else _("no"), each.source),
        ]
        for each in registers.transfers()
    ]
    return [head, *rows]


def _lines(words: Iterable[str]) -> str:
    return "\n".join(words)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
