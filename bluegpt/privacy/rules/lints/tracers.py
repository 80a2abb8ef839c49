"""What a tracer must satisfy: one purpose, one category, a bounded life, and leave to be set."""

from collections.abc import Iterator

from bluegpt.privacy.types.manifest import Basis, Manifest
from bluegpt.privacy.types.tracers import Tracer, TracerCategory, TracerKind

# Thirteen months. Source: CNIL, guidelines of 17 September 2020, on the life of tracers.
_MONTHS_MAX_DAYS = 13 * 30
# What may stand without agreement. Source: loi 78-17, art. 82; decision C16 of the clause register.
_EXEMPT_CATEGORIES = frozenset({TracerCategory.STRICTLY_NECESSARY, TracerCategory.FUNCTIONALITY})
CHOICE = "tracers"  # the item that remembers the choice itself


def findings(manifest: Manifest) -> Iterator[str]:
    """Every tracer that may not be set as it is described."""
    for tracer in manifest.tracers.items.values():
        yield from (f"tracers.{tracer.name}: {each}" for each in _tracer(tracer, manifest))
    if CHOICE not in manifest.tracers.items:
        yield f"tracers: {CHOICE} is missing, so no choice could be remembered (C16)"
    for browser in manifest.tracers.browsers.values():
        if not browser.url.startswith("https://"):
            yield f"tracers.browsers.{browser.key}: url must start with https://"
    if not manifest.tracers.browsers:
        yield "tracers: no browser is explained"


def _tracer(tracer: Tracer, manifest: Manifest) -> Iterator[str]:
    if tracer.lifetime.days_about > _MONTHS_MAX_DAYS:
        yield "lifetime is longer than 13 months (C5)"
    if tracer.kind is TracerKind.SESSION_STORAGE and tracer.lifetime.days_about:
        yield "what ends with the session has a lifetime of P0D"
    purpose = manifest.purposes.get(tracer.purpose)
    if purpose is None:
        yield f"purpose {tracer.purpose!r} is not described"
        return
    rests_on_consent = Basis.CONSENT in purpose.bases.values()
    if tracer.exempt is None:
        if not rests_on_consent or len(set(purpose.bases.values())) != 1:
            yield "without exempt it needs a purpose that rests on consent alone"
        if tracer.category is TracerCategory.STRICTLY_NECESSARY:
            yield "what is strictly necessary says in exempt why"
        return
    if rests_on_consent:
        yield "what is exempt may not serve a purpose that needs consent (C16)"
    if tracer.category not in _EXEMPT_CATEGORIES:
        yield f"{tracer.category} is never exempt"
    if tracer.hosts:
        yield "only an agreement opens another site"
