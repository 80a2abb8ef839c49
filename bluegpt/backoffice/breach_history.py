"""What was changed in a breach, in the words of the form with which it is changed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bluegpt.backoffice.forms import class_choices
from bluegpt.backoffice.matter_forms import NATURES, RISKS, BreachForm
from bluegpt.privacy.types.breaches import Amendment


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field: what it said, and what it says since."""

    name: str | Promise
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One amendment: when, by whom, why, and its lines."""

    at: datetime
    by: UUID | None
    reason: str
    lines: tuple[Line, ...]


def steps(amendments: Iterable[Amendment]) -> tuple[Step, ...]:
    """The history in the reader's language."""
    fields = BreachForm.base_fields
    return tuple(
        Step(
            at=each.at,
            by=each.by,
            reason=each.reason,
            lines=tuple(
                Line(name=fields[key].label or key, before=_said(key, old), after=_said(key, new))
                for key, (old, new) in each.changes.items()
            ),
        )
        for each in amendments
    )


def _said(key: str, value: str) -> str:
    return _SAYS.get(key, str)(value) if value else _("not known")


def _named(names: Mapping[str, object]) -> Callable[[str], str]:
    return lambda words: ", ".join(str(names.get(word, word)) for word in words.split())


def _classes(words: str) -> str:
    return _named(dict(class_choices()))(words)


def _instant(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


_SAYS: Mapping[str, Callable[[str], str]] = {
    "natures": _named({key.value: name for key, name in NATURES.items()}),
    "risk": _named({key.value: name for key, name in RISKS.items()}),
    "data_classes": _classes,
    "started_at": _instant,
    "ended_at": _instant,
    "aware_at": _instant,
}
