"""The end of everything, or of all content: seen beforehand, confirmed, and receipted."""

from datetime import datetime

import orjson
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bluegpt.core.errors import Refused
from bluegpt.privacy.queries.erasure import preview
from bluegpt.privacy.queries.receipts import receipt as receipt_behind
from bluegpt.privacy.services import erasing
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.web.fresh import fresh_login_required
from bluegpt.web.person import person_id_of


@fresh_login_required
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What would go and what would stay; with the address typed, the end of it."""
    wished = request.POST.get("scope") or request.GET.get("scope")
    scope = ErasureScope.ACCOUNT if wished == ErasureScope.ACCOUNT else ErasureScope.CONTENT
    person_id = person_id_of(request)
    context = {
        "scope": scope.value,
        "is_account": scope is ErasureScope.ACCOUNT,
        "preview": preview(scope, person_id),
    }
    if request.method == "GET":
        return render(request, "privacy/erasure.html", context)
    try:
        erasing.order(
            person_id=person_id,
            scope=scope,
            typed=request.POST.get("address", ""),
            language=(get_language() or "en")[:2],
        )
    except Refused as refused:
        return render(request, "privacy/erasure.html", context | {"refusal": refused}, status=422)
    if scope is ErasureScope.ACCOUNT:
        logout(request)
    return redirect("privacy:erasure_ordered")


@require_safe
def ordered(request: HttpRequest) -> HttpResponse:
    """It has begun; the receipt comes by mail."""
    return render(request, "privacy/erasure_ordered.html")


@require_safe
@never_cache
def receipt(request: HttpRequest, link: str) -> HttpResponse:
    """A receipt to read, for whoever has its link."""
    document = receipt_behind(erasing.link_sha256(link))
    said = {
        "receipt": document,
        "made_at": datetime.fromisoformat(document["made_at"]),
        "horizon": {
            name: datetime.fromisoformat(instant) for name, instant in document["horizon"].items()
        },
        "recipients": [
            {**each, "last_at": datetime.fromisoformat(each["last_at"])}
            for each in document["recipients"]
        ],
        "link": link,
    }
    return render(request, "privacy/receipt.html", said)


@require_safe
@never_cache
def receipt_json(request: HttpRequest, link: str) -> HttpResponse:
    """The signed document, for the check offline."""
    document = receipt_behind(erasing.link_sha256(link))
    response = HttpResponse(
        orjson.dumps(document, option=orjson.OPT_INDENT_2), content_type="application/json"
    )
    response["Content-Disposition"] = 'attachment; filename="bluegpt-receipt.json"'
    return response


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The public key of this installation's receipts."""
    return HttpResponse(orjson.dumps(erasing.published_key()), content_type="application/json")
