"""What the packaged policy promises about tracers, written a second time and by hand."""

from collections.abc import Iterator

from bluegpt.privacy.types.manifest import Manifest

# name: (category, purpose, (years, months, days)); all are cookies, lax, and exempt.
TRACERS = {
    "csrftoken": ("strictly_necessary", "security", (0, 0, 180)),
    "language": ("functionality", "account", (0, 0, 180)),
    "messages": ("strictly_necessary", "account", (0, 0, 0)),
    "sessionid": ("strictly_necessary", "account", (0, 0, 14)),
    "theme": ("functionality", "account", (0, 0, 180)),
    "tracers": ("strictly_necessary", "choices", (0, 6, 0)),
}
BROWSERS = ["Chrome", "Edge", "Firefox", "Safari"]


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about tracers that this policy does not keep."""
    items = policy.tracers.items.values()
    found = {
        each.name: (
            each.category,
            each.purpose,
            (each.lifetime.years, each.lifetime.months, each.lifetime.days),
        )
        for each in items
    }
    if found != TRACERS:
        yield "tracers"
    if any((each.kind, each.same_site, each.hosts) != ("cookie", "lax", ()) for each in items):
        yield "kinds of tracers"
    if any(each.exempt is None for each in items):
        yield "tracers that ask"
    if sorted(each.name for each in policy.tracers.browsers.values()) != BROWSERS:
        yield "browsers"
