"""The secret of an authenticator app between its picture on the screen and the first code.

allauth would keep it in the session, in clear; it becomes the factor a moment later, so it is
sealed from the start.
"""

import base64
from uuid import UUID

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.sessions.backends.base import SessionBase

from bluegpt.core.personal_data import DataClass
from bluegpt.vault.services import seal as vault

# allauth's own name, so that allauth forgets it when the app is activated.
_SESSION_NAME = "mfa.totp.secret"


def new_secret(session: SessionBase, *, person_id: UUID) -> str:
    """A fresh secret for the screen; the session keeps it sealed."""
    secret: str = generate_totp_secret()
    sealed = vault.seal(
        secret.encode(),
        person_id=person_id,
        data_class=DataClass.SECURITY,
        context=_context(person_id),
    )
    session[_SESSION_NAME] = base64.b64encode(sealed).decode()
    return secret


def shown_secret(session: SessionBase, *, person_id: UUID) -> str:
    """The secret that was shown last; a fresh one when the session has none."""
    sealed = session.get(_SESSION_NAME)
    if not sealed:
        return new_secret(session, person_id=person_id)
    return vault.open_sealed(
        base64.b64decode(sealed),
        person_id=person_id,
        data_class=DataClass.SECURITY,
        context=_context(person_id),
    ).decode()


def _context(person_id: UUID) -> str:
    return f"django_session.totp:{person_id}"
