"""The periods that a statement is asked for most."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.web.credits.forms import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A period with a name."""

    name: str
    period: Period


def this_month() -> Period:
    """From the first of the month to today's end."""
    today = clock.now().date()
    return Period(first_day=today.replace(day=1), last_day=today)


def presets() -> tuple[Preset, ...]:
    """Days are UTC's. Each ends with a day, so that a kept address goes on to mean the same."""
    today = clock.now().date()
    return (
        Preset(name=_("This month"), period=this_month()),
        Preset(name=_("Last month"), period=_month_before(today)),
        Preset(
            name=_("This year"),
            period=Period(first_day=today.replace(month=1, day=1), last_day=today),
        ),
    )


def _month_before(today: date) -> Period:
    last_day = today.replace(day=1) - timedelta(days=1)
    return Period(first_day=last_day.replace(day=1), last_day=last_day)
