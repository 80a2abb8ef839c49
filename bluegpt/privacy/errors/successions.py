"""What is refused about the service changing hands."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused
from bluegpt.privacy.errors.gate import NotCleared


class UnknownSuccession(Missing):
    """No such change of hands, or it does not stand where this could be done to it."""

    code = "unknown_succession"
    sentence = _("The service is not changing hands, or not at a point where this can be done.")


class SuccessionIncomplete(Refused):
    """Whoever takes over has no name, country or address, or what changes is not said."""

    code = "succession_incomplete"
    sentence = _("Say who takes over, in which country, how to reach them, and what changes.")


class SuccessionUnderWay(Conflict):
    """One change of hands has neither been concluded nor abandoned."""

    code = "succession_under_way"
    sentence = _("The service is changing hands already. Conclude that or abandon it first.")


class BundleTooEarly(Refused):
    """Two people have not approved it, or the notice is not over."""

    code = "bundle_too_early"
    sentence = _(
        "Nothing is handed over before two people have approved it and the notice is over."
    )


class NoticesUndelivered(Refused):
    """People with an open account have not been told, and were not listed as left out."""

    code = "notices_undelivered"
    sentence = _(
        "Some people could not be told. Try to tell them again, or list them, and nothing of theirs"
        " is handed over."
    )


class SomebodyLeft(Conflict):
    """Somebody objected or left while the bundle was being made; it was thrown away."""

    code = "somebody_left"
    sentence = _(
        "Somebody objected or left while the bundle was made. Nothing is kept: make it again."
    )


class HandedOverAlready(Conflict):
    """An objection after the person's data was handed over."""

    code = "handed_over_already"
    sentence = _(
        "Your data was handed over already. Your rights are now against whoever took over as well."
    )


class FrozenForSuccession(NotCleared):
    """A purpose or a recipient that came after the people were told that the service changes."""

    code = "frozen_for_succession"
    sentence = _(
        "The service is changing hands: until that is over, data serves nothing new and nobody new"
        " receives it."
    )
