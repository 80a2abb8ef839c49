"""What is refused about accesses, requests of authorities and breaches."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused


class UnknownAccess(Missing):
    """No such access."""

    code = "unknown_access"
    sentence = _("There is no such access.")


class AccessClosed(Refused):
    """The access is not open, or is open for somebody else."""

    code = "access_closed"
    sentence = _("This access is not open to you. Ask for one, and let somebody else approve it.")


class AccessUnreasoned(Refused):
    """An access without a reason, or for longer than an hour."""

    code = "access_unreasoned"
    sentence = _("An access needs a reason, and is open for an hour at most.")


class SecondPersonNeeded(Refused):
    """The same person cannot be both of two."""

    code = "second_person_needed"
    sentence = _("This takes two people. Ask somebody else of the staff to approve it.")


class AlreadyDecided(Conflict):
    """The thing to approve was approved, refused or closed before."""

    code = "already_decided"
    sentence = _("This was decided before.")


class UnknownAuthorityRequest(Missing):
    """No such request of an authority."""

    code = "unknown_authority_request"
    sentence = _("There is no such request.")


class AuthorityRequestIncomplete(Refused):
    """A request without an authority, a law or a scope."""

    code = "authority_request_incomplete"
    sentence = _("A request needs the authority, the law it rests on and the kinds of data.")


class NotApprovedByTwo(Refused):
    """Nothing leaves before two different people have approved it and a legal hold is in place."""

    code = "not_approved_by_two"
    sentence = _(
        "Nothing leaves before two different people have approved it and a legal hold keeps it."
    )


class UnknownBreach(Missing):
    """No such breach."""

    code = "unknown_breach"
    sentence = _("There is no such breach in the register.")


class BreachIncomplete(Refused):
    """A breach that lacks what the register must say."""

    code = "breach_incomplete"
    sentence = _(
        "A breach needs a name, what was broken, the kinds of data, its consequences and measures,"
        " and it was noticed after it began."
    )


class AmendmentIncomplete(Refused):
    """A change of a breach without a reason, or that changes nothing."""

    code = "amendment_incomplete"
    sentence = _("Change something, and say why it is changed.")


class BreachStaysOpen(Refused):
    """Somebody has still to be told, or nothing shows that it is over."""

    code = "breach_stays_open"
    sentence = _(
        "It cannot be closed yet: whoever has to be told must have been told in full,"
        " and the closing needs its evidence."
    )
