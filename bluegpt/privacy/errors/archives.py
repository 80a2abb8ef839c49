"""Why there is no archive."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing


class ArchiveUnderWay(Conflict):
    """The person has an archive already: one at a time."""

    code = "archive_under_way"
    sentence = _("You have asked for an archive already. Download it or cancel it first.")


class ArchiveGone(Missing):
    """Taken, expired, cancelled, or somebody else's."""

    code = "archive_gone"
    sentence = _("This archive no longer exists. Each can be downloaded once. Ask for a new one.")
