"""Why there is no archive."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused


class ArchiveUnderWay(Conflict):
    """The person has an archive already: one at a time."""

    code = "archive_under_way"
    sentence = _("You have asked for an archive already. Download it or cancel it first.")


class ArchiveGone(Missing):
    """Taken, expired, cancelled, or somebody else's."""

    code = "archive_gone"
    sentence = _("This archive no longer exists. Each can be downloaded once. Ask for a new one.")


class ArchiveBroken(Refused):
    """Not a portable archive of ours, altered, incomplete, or beyond what one may hold."""

    code = "archive_broken"
    sentence = _(
        "This is not a portable archive as we make them, or something in it was changed or lost."
        " Nothing was taken in. Download the archive again where it comes from."
    )


class ArchiveTooLarge(Refused):
    """More bytes, entries or records than an archive may have."""

    code = "archive_too_large"
    sentence = _("This archive is too large to be taken in. Nothing was taken in.")


class AccountNotEmpty(Conflict):
    """The account has conversations, pictures or films of its own."""

    code = "account_not_empty"
    sentence = _(
        "An archive comes back only into an account without conversations, images and videos, and"
        " this one has some. Nothing was taken in."
    )
