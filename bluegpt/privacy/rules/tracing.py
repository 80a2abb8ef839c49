"""What may be kept in a browser, and for how long. Pure decisions."""

from calendar import monthrange
from collections.abc import Set
from datetime import datetime, timedelta

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.tracers import Tracer, TracerKind, Tracers


def after(instant: datetime, span: Duration) -> datetime:
    """The instant a calendar span later; the last day of a month that is shorter."""
    ahead = instant.month - 1 + span.months + 12 * span.years
    year, month = instant.year + ahead // 12, ahead % 12 + 1
    day = min(instant.day, monthrange(year, month)[1])
    return instant.replace(year=year, month=month, day=day) + timedelta(days=span.days)


def lifetime_s(tracer: Tracer, *, first_set_at: datetime, now: datetime) -> int:
    """Seconds that are left of a tracer's life: it counts from the first time, not from now."""
    return max(0, round((after(first_set_at, tracer.lifetime) - now).total_seconds()))


def asking(tracers: Tracers) -> tuple[Tracer, ...]:
    """Those that need an agreement."""
    return tuple(each for each in tracers.items.values() if each.exempt is None)


def may_set(tracers: Tracers, name: str, *, agreed: Set[str]) -> Tracer | None:
    """The cookie's declaration when it may be set for somebody who agreed to these purposes."""
    tracer = tracers.items.get(name)
    if tracer is None or tracer.kind is not TracerKind.COOKIE:
        return None
    return tracer if tracer.exempt is not None or tracer.purpose in agreed else None


def opened_hosts(tracers: Tracers, *, agreed: Set[str]) -> tuple[str, ...]:
    """Other sites that pages may load from, after an agreement."""
    hosts = {host for each in asking(tracers) if each.purpose in agreed for host in each.hosts}
    return tuple(sorted(hosts))
