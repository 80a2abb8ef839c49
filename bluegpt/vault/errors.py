"""What the vault refuses."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Missing, Refused, Unavailable


class CannotOpen(Missing):
    """The key is destroyed, or the sealed bytes are not what was sealed for this place.

    Which of the two is told to nobody.
    """

    code = "cannot_open"
    sentence = _("This content can no longer be read: its key was destroyed, or it was altered.")


class UnknownFile(Missing):
    """No file has this key."""

    code = "unknown_file"
    sentence = _("This file no longer exists.")


class PersonErased(Refused):
    """All of this person's keys were destroyed; nothing more is kept for them."""

    code = "person_erased"
    sentence = _("This account has been erased, so nothing more can be stored for it.")


class WrongRootKey(Unavailable):
    """The root key is not the one that the stored keys were wrapped with."""

    code = "wrong_root_key"
    sentence = _(
        "Stored content cannot be read at the moment: the server has a different root key. "
        "Please tell the operator; nothing is lost as long as the right key exists."
    )


class ErasuresMissing(Unavailable):
    """A database was put back to a state in which something that was erased is still there."""

    code = "erasures_missing"
    sentence = _(
        "A database is older than the last erasure, so erased data may be back. Nothing is served"
        " until `bluegpt restore --replay` has erased it again."
    )


class NoParcelKey(Refused):
    """The file holds no X25519 key in PEM, or one behind a passphrase."""

    code = "no_parcel_key"
    sentence = _("This file holds no X25519 key in PEM form, or one with a passphrase.")
