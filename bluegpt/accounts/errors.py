"""What accounts refuse."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused


class AddressTaken(Conflict):
    """Another account has this e-mail address."""

    code = "address_taken"
    sentence = _("There is already an account with this e-mail address.")


class BadAddress(Refused):
    """The text is not an e-mail address."""

    code = "bad_address"
    sentence = _("This is not an e-mail address. It looks like name@example.org.")


class WeakPassword(Refused):
    """The password is too easy to guess; the sentence says why and what would do."""

    code = "weak_password"
    sentence = _("This password is too easy to guess.")

    def __init__(self, reasons: Iterable[str] = ()) -> None:
        super().__init__(" ".join(reasons) or None)


class UnknownPerson(Missing):
    """Nobody by this id or address."""

    code = "unknown_person"
    sentence = _("There is no account with this e-mail address.")


class UnknownKey(Missing):
    """No such API key, or somebody else's."""

    code = "unknown_api_key"
    sentence = _("This API key does not exist.")


class NamelessKey(Refused):
    """An API key needs a name."""

    code = "nameless_api_key"
    sentence = _("Give the key a name, so that you recognise it later.")


class ExpiredAtBirth(Refused):
    """The expiry of a new API key is not in the future."""

    code = "api_key_expiry_in_the_past"
    sentence = _("The last day of the key is in the past. Choose a day after today.")


class TooManyKeys(Refused):
    """The person has as many usable API keys as one account may have."""

    code = "too_many_api_keys"
    sentence = _("You have 50 API keys, which is the most. Revoke one that you no longer use.")


class UnknownSession(Missing):
    """No such session, or somebody else's."""

    code = "unknown_session"
    sentence = _("This browser is already logged out.")


class UnknownChoice(Refused):
    """A language or a theme that the site does not have."""

    code = "unknown_choice"
    sentence = _("This choice does not exist.")
