"""What the accounts show, for the policy's clauses about identity and passwords."""

from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bluegpt.accounts.models import Person

_EASY = ("password", "azertyuiop", "12345678901234567890", "correct horse battery staple")


class PasswordsUnsound(Exception):
    """A password is kept, or would be taken, that should not be."""


def addresses() -> str:
    """How many addresses are confirmed, of how many accounts."""
    return _(
        "%(confirmed)d of %(count)d accounts have a confirmed address; no table holds a name."
    ) % {
        "confirmed": Person.objects.filter(confirmed_at__isnull=False).count(),
        "count": Person.objects.count(),
    }


def passwords() -> str:
    """Every stored password is a slow fingerprint, and an easy one, tried just now, is refused.

    Raises PasswordsUnsound.
    """
    algorithm = get_hasher().algorithm
    unusable = "!"  # as Django marks an account without a password
    people = Person.objects.exclude(password="").exclude(password__startswith=unusable)
    other = people.exclude(password__startswith=f"{algorithm}$").count()
    if other:
        raise PasswordsUnsound(
            _("%(count)d passwords are not fingerprints made by %(algorithm)s.")
            % {"count": other, "algorithm": algorithm}
        )
    let_in = [easy for easy in _EASY if _is_taken(easy)]
    if let_in:
        raise PasswordsUnsound(
            _("%(count)d passwords that anybody guesses would be taken.") % {"count": len(let_in)}
        )
    return _(
        "All %(people)d passwords are fingerprints made by %(algorithm)s; %(easy)d that anybody"
        " guesses, tried just now, were refused."
    ) % {"people": people.count(), "algorithm": algorithm, "easy": len(_EASY)}


def _is_taken(password: str) -> bool:
    try:
        validate_password(password)
    except ValidationError:
        return False
    return True
