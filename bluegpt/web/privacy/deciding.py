"""Taking a decision about tracers: proof first, then the browser's memory of it."""

from collections.abc import Iterable, Mapping

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.privacy.queries import tracers
from bluegpt.privacy.services import consents
from bluegpt.privacy.types.consents import ConsentAction, ConsentMethod, Deciding, Screen
from bluegpt.web.privacy import device, screens

# There is no screen of ours when the browser says it by itself.
_SIGNAL = "Sec-GPC: 1"


def take(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    agreed: Iterable[str],
    method: ConsentMethod,
) -> None:
    """Keep the decision about every purpose that asks, and let the browser remember it.

    What was agreed to before and is not any more counts as withdrawn, and its tracers go.
    """
    before = device.decision(request)
    asked = {tracer.purpose for tracer in tracers.asking()}
    given = asked & set(agreed)
    name = device.device_of(request)
    # The browser's own signal is noted before anybody knows who uses it.
    user = getattr(request, "user", None)
    person = user if isinstance(user, Person) else None
    consents.decide(
        Deciding(
            person_id=person.id if person else None,
            device=name,
            decisions=_actions(asked, given=given, before=before.agreed),
            method=method,
            screen=_screen(method),
            expires_at=tracers.choice_ends_at(clock.now()),
        )
    )
    device.remember(response, device=name, agreed=given, refused=asked - given)
    _clear(request, response, ended=before.agreed - given)


def _actions(
    asked: set[str], *, given: set[str], before: frozenset[str]
) -> Mapping[str, ConsentAction]:
    refused = {
        key: ConsentAction.WITHDRAWN if key in before else ConsentAction.REFUSED
        for key in asked - given
    }
    return refused | dict.fromkeys(given, ConsentAction.GIVEN)


def _screen(method: ConsentMethod) -> Screen:
    screen = screens.tracer_screen().kept()
    return Screen(text=_SIGNAL, language=screen.language) if method == "gpc" else screen


def _clear(request: HttpRequest, response: HttpResponseBase, *, ended: frozenset[str]) -> None:
    """Take the tracers of a withdrawn purpose out of the browser."""
    for tracer in tracers.asking():
        if tracer.purpose not in ended:
            continue
        if tracer.kind == "cookie" and tracer.name in request.COOKIES:
            response.delete_cookie(tracer.name)
        elif tracer.kind != "cookie":
            # Everything in storage needs an agreement here, so nothing else is lost.
            response.headers["Clear-Site-Data"] = '"storage"'
