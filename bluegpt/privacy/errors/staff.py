"""What is refused to staff."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Missing, Refused


class UnknownRole(Missing):
    """The manifest has no such role."""

    code = "unknown_role"
    sentence = _("There is no such role.")


class GrantTooLong(Refused):
    """A role is given until a day to come, and for no longer than the manifest allows."""

    code = "grant_too_long"
    sentence = _("Choose a last day that is to come, and within the longest time of this role.")


class UnknownGrant(Missing):
    """No such grant, or it has ended."""

    code = "unknown_grant"
    sentence = _("This role has already ended.")


class NotGrantedToOneself(Refused):
    """Nobody gives a role to themselves."""

    code = "not_granted_to_oneself"
    sentence = _("You cannot give a role to yourself. Ask somebody else of the staff.")


class UnknownHold(Missing):
    """No such legal hold, or it has ended."""

    code = "unknown_legal_hold"
    sentence = _("This legal hold does not exist, or has ended.")


class HoldIncomplete(Refused):
    """A hold without its text, its law, its data or its end."""

    code = "hold_incomplete"
    sentence = _(
        "A legal hold needs a text, the law it rests on, the kinds of data and a last day to come."
    )
