"""Second factors: authenticator secrets and recovery seeds are sealed under their owner's own key.

allauth calls `encrypt(text)` and `decrypt(text)` without saying whose text it is, and a context
variable set by a middleware would be empty in a command or a job, and wrong in the log-in step,
where nobody is logged in yet. The row knows its owner, so the row decides:

- `encrypt` wraps the text in `Unsealed`, which cannot be written as JSON: a row that nobody sealed
  cannot be saved, it fails instead of storing the secret in clear.
- before a row is saved, `seal_row` replaces each `Unsealed` by a sealed text under `user_id`;
- when a row is loaded, `bind_row` hangs the owner on each sealed text, without opening anything;
- `decrypt` opens it with that owner. A sealed text that was copied into somebody else's row, or
  from an authenticator into recovery codes, does not open: person and kind are authenticated.

`bluegpt.accounts.listeners` connects the two row functions to Django's signals.
"""

import base64
from typing import Any
from uuid import UUID

from allauth.account.utils import user_email
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass
from bluegpt.vault.services import seal as vault

_SECRET_FIELDS = ("secret", "seed")


class Unsealed:
    """A secret on its way to a row. Deliberately no `str`, so that JSON refuses it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Sealed(str):
    """A sealed secret from a row, with what is needed to open it."""

    __slots__ = ("kind", "person_id")

    person_id: UUID
    kind: str


class FactorAdapter(DefaultMFAAdapter):
    """allauth's hooks for second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": _(
            "Recovery codes stand in for a second step. "
            "Add an authenticator app or a passkey first."
        ),
        "incorrect_code": _("This code is not right. Wait for the next one and type it in."),
        "unverified_email": _("Confirm your e-mail address first, then come back here."),
    }

    def encrypt(self, text: str) -> Unsealed:
        """Hand the secret to the row that will hold it; see the module's docstring."""
        return Unsealed(text)

    def decrypt(self, encrypted_text: object) -> str:
        """Open a secret of a loaded row. Raises vault.errors.CannotOpen."""
        if isinstance(encrypted_text, Unsealed):  # the row was made a moment ago
            return encrypted_text.text
        if not isinstance(encrypted_text, Sealed):
            raise TypeError("a sealed secret is opened from the row that it belongs to")
        return vault.open_sealed(
            base64.b64decode(encrypted_text),
            person_id=encrypted_text.person_id,
            data_class=DataClass.SECURITY,
            context=_context(encrypted_text.person_id, encrypted_text.kind),
        ).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A first name for a passkey; people change it to the name of the device."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = context.request.get_host()
        return {"id": host.rsplit(":", 1)[0], "name": "BlueGPT"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user_email(user)}


def seal_row(row: Authenticator) -> None:
    """Seal what is not sealed yet, under the key of the row's owner."""
    for field in _SECRET_FIELDS:
        secret = row.data.get(field)
        if isinstance(secret, Unsealed):
            sealed = vault.seal(
                secret.text.encode(),
                person_id=row.user_id,
                data_class=DataClass.SECURITY,
                context=_context(row.user_id, row.type),
            )
            row.data[field] = base64.b64encode(sealed).decode()
    bind_row(row)


def bind_row(row: Authenticator) -> None:
    """Tell each sealed secret whose it is. Opens nothing, so that lists stay cheap."""
    data = row.__dict__.get("data")  # absent while deferred
    if not isinstance(data, dict):
        return
    for field in _SECRET_FIELDS:
        if isinstance(text := data.get(field), str):
            data[field] = sealed = Sealed(text)
            sealed.person_id = row.user_id
            sealed.kind = row.type


def _context(person_id: UUID, kind: str) -> str:
    # Not the row's number, which a new row does not have yet: person and kind are unique together.
    return f"mfa_authenticator.data:{person_id}/{kind}"
