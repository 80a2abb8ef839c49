"""Questions about what stands beside the password."""

from uuid import UUID

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator

from bluegpt.accounts.types import FactorFacts

_Type = Authenticator.Type


def factors(person_id: UUID) -> FactorFacts:
    """Which second steps a person has. One query; nothing sealed is opened."""
    rows = list(Authenticator.objects.filter(user_id=person_id))
    codes = next((row for row in rows if row.type == _Type.RECOVERY_CODES), None)
    return FactorFacts(
        has_authenticator_app=any(row.type == _Type.TOTP for row in rows),
        passkeys=sum(row.type == _Type.WEBAUTHN for row in rows),
        recovery_codes_left=None if codes is None else _unused(codes),
    )


def _unused(codes: Authenticator) -> int:
    made: int = app_settings.RECOVERY_CODE_COUNT
    used: int = codes.data["used_mask"]
    return made - used.bit_count()
