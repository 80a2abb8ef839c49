"""What is new in the policy, shown at the next visit when it asks again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from bluegpt.privacy.queries import versions
from bluegpt.privacy.services import versions as keeping
from bluegpt.privacy.types.versions import Effect
from bluegpt.web.person import person_id_of
from bluegpt.web.privacy import codes
from bluegpt.web.privacy.middleware import ASKED
from bluegpt.web.redirects import SeeOther, back


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def what_is_new(request: HttpRequest) -> HttpResponse:
    """The lines that ask again, and a button; nothing is acknowledged by looking at them."""
    person_id = person_id_of(request)
    asking = versions.to_ask_again(person_id)
    if request.method == "POST":
        if request.POST.get("answer") == "read":
            keeping.acknowledge(person_id=person_id, occasion="asked_again")
        # Put off: not again in this session, and again in the next.
        request.session[ASKED] = asking.digest if asking else ""
        return back(request, "/conversations")
    wished = request.GET.get("next", "/conversations")
    is_ours = url_has_allowed_host_and_scheme(wished, allowed_hosts={request.get_host()})
    if asking is None:
        return SeeOther(wished if is_ours else "/conversations")
    earlier = versions.before(asking.digest)
    found = versions.difference(older=earlier.digest, newer=asking.digest) if earlier else ()
    context = {
        "version": asking,
        "earlier": earlier,
        "next": wished if is_ours else "/conversations",
        "rows": [
            (change, codes.KINDS[change.kind], codes.EFFECTS[change.effect])
            for change in found
            if change.effect is Effect.ASK_AGAIN
        ],
    }
    return render(request, "privacy/what_is_new.html", context)
