"""A version of the policy that was asked for."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Missing


class NoSuchVersion(Missing):
    """Nobody was ever served this version, or none at that time."""

    code = "no_such_version"
    sentence = _("There was no such version of the policy. The list of versions shows them all.")
