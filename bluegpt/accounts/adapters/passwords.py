"""Passwords as Django wants them: how they are hashed, and which are good enough."""

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bluegpt.accounts.rules.passwords import REQUIRED_BITS, entropy_bits


class SmallHostArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane: OWASP's advice for servers with little memory.

    Django's own figure, 100 MiB for each log-in, would let a handful of them fill a small machine.
    """

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1


class EntropyValidator:
    """Asks for the CNIL's 50 bits; log-in is slowed down after failures, so 80 are not needed.

    The measure, its examples and their source: `bluegpt.accounts.rules.passwords`.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with the way out when the password is too easy to guess."""
        if entropy_bits(password) < REQUIRED_BITS:
            raise ValidationError(
                _(
                    "This password is too easy to guess. Use 12 characters of upper case, "
                    "lower case, digits and signs, or 5 random words."
                ),
                code="password_too_guessable",
            )

    def get_help_text(self) -> str:
        """What a form says before anything is typed."""
        return _(
            "12 characters of upper case, lower case, digits and signs will do, "
            "and so will 5 random words. You will never be asked to change it for its age."
        )
