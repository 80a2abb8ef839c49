"""Spending limits with the names of what they are for."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from bluegpt.accounts.queries import api_keys
from bluegpt.accounts.types import ApiKeyFacts
from bluegpt.core import clock
from bluegpt.credits.queries import caps
from bluegpt.credits.types import CapPeriod, CapView


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """A limit as the pages show it; `key_name` is empty for the account's own."""

    cap: CapView
    key_name: str

    @property
    def name(self) -> str:
        """What is limited, and how long it counts."""
        is_daily = self.cap.period is CapPeriod.DAY
        if not self.key_name:
            return _("Whole account, per day") if is_daily else _("Whole account, per month")
        named = {"name": self.key_name}
        return (_("%(name)s, per day") if is_daily else _("%(name)s, per month")) % named

    @property
    def mark_percent(self) -> int:
        """The mark that was passed: 50, 80 or 100; 0 for none."""
        return 100 if not self.cap.left_microcredits else self.cap.alerted_percent

    @property
    def warns_from_microcredits(self) -> int:
        """From here on the meter says that little is left: 80 percent."""
        return self.cap.limit_microcredits * 4 // 5


def rows(person_id: UUID) -> tuple[LimitRow, ...]:
    """The limits in force: the account's first, then those of keys that work."""
    found = caps.caps_of(person_id)
    names = {key.id: key.name for key in usable_keys(person_id)} if found else {}
    own = [LimitRow(cap=cap, key_name="") for cap in found if cap.key_id is None]
    of_keys = [
        LimitRow(cap=cap, key_name=names[cap.key_id])
        for cap in found
        if cap.key_id is not None and cap.key_id in names
    ]
    return (*own, *sorted(of_keys, key=lambda row: row.key_name.casefold()))


def usable_keys(person_id: UUID) -> tuple[ApiKeyFacts, ...]:
    """The keys that a limit makes sense for."""
    now = clock.now()
    return tuple(
        key
        for key in api_keys.api_keys(person_id)
        if key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
    )


def key_choices(person_id: UUID) -> Mapping[str, str]:
    """Names of those keys by their id, as a form offers them; the start tells namesakes apart."""
    return {str(key.id): f"{key.name} ({key.prefix}…)" for key in usable_keys(person_id)}
