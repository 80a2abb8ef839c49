"""What cannot be laid down for after one's death."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Refused


class WishNotPossible(Refused):
    """A law disposes of this kind of data."""

    code = "wish_not_possible"
    sentence = _("A law decides about this kind of data; you cannot dispose of it.")


class NobodyTrusted(Refused):
    """Something is to be handed over, and nobody is named who would receive it."""

    code = "nobody_trusted"
    sentence = _("To hand something over, name the person you trust.")


class TrustedUnreachable(Refused):
    """The trusted person has no name, or no address that works."""

    code = "trusted_person_unreachable"
    sentence = _("Give the name of the person you trust, and an e-mail or postal address.")
