"""What the product keeps in a browser, as the policy in force says."""

from collections.abc import Set
from datetime import datetime

from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import tracing
from bluegpt.privacy.types.tracers import BrowserHelp, Tracer

CHOICE = "tracers"


def tracers() -> tuple[Tracer, ...]:
    """Every item, by name."""
    items = manifest().tracers.items
    return tuple(items[name] for name in sorted(items))


def browsers() -> tuple[BrowserHelp, ...]:
    """Where each browser's maker explains its own switches."""
    return tuple(manifest().tracers.browsers.values())


def asking() -> tuple[Tracer, ...]:
    """Those that need an agreement; none in the packaged policy."""
    return tracing.asking(manifest().tracers)


def may_set(name: str, *, agreed: Set[str]) -> Tracer | None:
    """The cookie's declaration, when it may be set for somebody who agreed to these purposes."""
    return tracing.may_set(manifest().tracers, name, agreed=agreed)


def opened_hosts(agreed: Set[str]) -> tuple[str, ...]:
    """Other sites that pages may load from, after an agreement."""
    return tracing.opened_hosts(manifest().tracers, agreed=agreed)


def choice_ends_at(made_at: datetime) -> datetime:
    """When a choice about tracers is asked again."""
    return tracing.after(made_at, manifest().tracers.items[CHOICE].lifetime)


def lifetime_s(tracer: Tracer, *, first_set_at: datetime, now: datetime) -> int:
    """Seconds that are left of a tracer's life."""
    return tracing.lifetime_s(tracer, first_set_at=first_set_at, now=now)
