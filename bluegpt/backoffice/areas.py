"""The areas of the staff pages as the frame shows them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bluegpt.backoffice.doors import areas_of
from bluegpt.privacy.types.staff import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the menu."""

    area: Area
    route: str
    name: str | Promise
    about: str | Promise


PLACES = (
    Place(
        area=Area.REQUESTS,
        route="staff:requests",
        name=_("Requests"),
        about=_("What people ask about their data, with the day by which each is answered."),
    ),
    Place(
        area=Area.REGISTERS,
        route="staff:registers",
        name=_("Registers"),
        about=_("Processing activities, processors, and transfers with the days of their review."),
    ),
    Place(
        area=Area.BREACHES,
        route="staff:breaches",
        name=_("Breaches"),
        about=_("Every breach, its two clocks, who is concerned, and the drafts to send."),
    ),
    Place(
        area=Area.ACCESSES,
        route="staff:accesses",
        name=_("Behind glass"),
        about=_("Seeing what somebody wrote: a reason, a second person, an hour at most."),
    ),
    Place(
        area=Area.AUTHORITIES,
        route="staff:authorities",
        name=_("Authorities"),
        about=_("Requests of authorities, which leave with two approvals or not at all."),
    ),
    Place(
        area=Area.ONBOARDING,
        route="staff:onboarding",
        name=_("Newcomers"),
        about=_("Who and what is new: a checklist and two people, or nothing is sent."),
    ),
    Place(
        area=Area.DEATHS,
        route="staff:deaths",
        name=_("Deaths"),
        about=_("Deaths that were shown, and what the person laid down for after it."),
    ),
    Place(
        area=Area.SUCCESSIONS,
        route="staff:successions",
        name=_("Changes of hands"),
        about=_("Who is to take over the service, who was told, and from when it may be."),
    ),
    Place(
        area=Area.HOLDS,
        route="staff:holds",
        name=_("Legal holds"),
        about=_("Data that a law keeps beyond its term."),
    ),
    Place(
        area=Area.CONSENTS,
        route="staff:consents",
        name=_("Consents"),
        about=_("What people agreed to and refused, in a chain that shows any change."),
    ),
    Place(
        area=Area.GRANTS,
        route="staff:grants",
        name=_("Staff roles"),
        about=_("Who may open which pages, and until when."),
    ),
    Place(
        area=Area.LOG,
        route="staff:log",
        name=_("Log"),
        about=_("Everything that staff did, in a chain that shows any change."),
    ),
)


def open_places(request: HttpRequest) -> tuple[Place, ...]:
    """What is open to whoever asks, in the order of the menu."""
    areas = areas_of(request)
    return tuple(place for place in PLACES if place.area in areas)
