"""The register of clauses, public: what is promised, what keeps it, what is so right now."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bluegpt.core import clock
from bluegpt.privacy.queries.audit import audit
from bluegpt.privacy.types.audits import Audit
from bluegpt.privacy.types.clauses import ClauseStatus
from bluegpt.web.cookieless import in_asked_language, page
from bluegpt.web.privacy import codes

# Evidence costs queries; nobody can make us look more often than this.
_KEPT_S = 600


@require_safe
@in_asked_language
def proof(request: HttpRequest) -> HttpResponse:
    """Every clause with its status; the evidence is at most ten minutes old."""
    found, looked_at = _looked_at(get_language() or "en")
    context = {
        "audit": found,
        "looked_at": looked_at,
        "counts": [
            (codes.STATUSES[status], found.count(status))
            for status in ClauseStatus
            if status is not ClauseStatus.MISSING
        ],
        "rows": [
            (
                finding,
                codes.STATUSES[
                    finding.clause.status if finding.is_accounted_for else ClauseStatus.MISSING
                ],
                finding.clause.text.in_language(get_language() or "en"),
            )
            for finding in found.findings
        ],
    }
    return page(request, "privacy/proof.html", context)


def _looked_at(language: str) -> tuple[Audit, datetime]:
    key = f"privacy-proof:{language}"
    kept: tuple[Audit, datetime] | None = cache.get(key)
    if kept is None:
        kept = audit(), clock.now()
        cache.set(key, kept, _KEPT_S)
    return kept
