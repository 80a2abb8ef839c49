"""The page about tracers: what there is, what was decided, and how to decide otherwise."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bluegpt.privacy.queries import consents
from bluegpt.privacy.queries import tracers as tracer_queries
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.words import duration_in_words
from bluegpt.privacy.types.consents import ConsentMethod
from bluegpt.web.privacy import deciding, device, screens
from bluegpt.web.redirects import back

_METHODS = {"banner": ConsentMethod.BANNER, "form": ConsentMethod.FORM}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Every tracer, and the choice: accept, refuse, or purpose by purpose."""
    if request.method != "POST":
        return render(request, "privacy/tracers.html", _context(request))
    response = back(request, reverse("privacy:tracers"))
    asked = {tracer.purpose for tracer in tracer_queries.asking()}
    if not asked:
        return response  # nothing to decide, and nothing is noted
    answer = request.POST.get("answer", "refuse")  # whoever only closes refuses
    agreed = {"accept": asked, "choose": asked & set(request.POST.getlist("purpose"))}
    method = _METHODS.get(request.POST.get("method", ""), ConsentMethod.FORM)
    deciding.take(request, response, agreed=agreed.get(answer, set()), method=method)
    messages.success(request, _("Your choice is noted. You can change it on every page."))
    return response


@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """The end of the chain of decisions on each day: who keeps them notices a chain made anew."""
    found = [
        {"on": head.on.isoformat(), "number": head.number, "digest": head.digest}
        for head in consents.day_heads()
    ]
    return JsonResponse({"heads": found}, encoder=json.JSONEncoder)


def _context(request: HttpRequest) -> dict[str, object]:
    policy, language = manifest(), get_language() or "en"
    return {
        "tracers": [
            {
                "name": tracer.name,
                "does": tracer.does.in_language(language),
                "why": tracer.exempt.in_language(language) if tracer.exempt else "",
                "category": screens.category_name(tracer.category),
                "purpose": policy.purposes[tracer.purpose].name.in_language(language),
                "lifetime": duration_in_words(tracer.lifetime)
                if tracer.lifetime.days_about
                else _("until you close the browser"),
            }
            for tracer in tracer_queries.tracers()
        ],
        "screen": screens.tracer_screen(),
        "decision": device.decision(request),
        "browsers": tracer_queries.browsers(),
        "keeps": duration_in_words(policy.tracers.items[tracer_queries.CHOICE].lifetime),
    }
