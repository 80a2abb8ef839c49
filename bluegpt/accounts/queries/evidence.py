"""What the accounts show, for the policy's clauses about identity and passwords."""

from django.contrib.auth.hashers import get_hasher
from django.utils.translation import gettext as _

from bluegpt.accounts.models import Person


def addresses() -> str:
    """How many addresses are confirmed, of how many accounts."""
    return _(
        "%(confirmed)d of %(count)d accounts have a confirmed address; no table holds a name."
    ) % {
        "confirmed": Person.objects.filter(confirmed_at__isnull=False).count(),
        "count": Person.objects.count(),
    }


def passwords() -> str:
    """Every stored password is a slow fingerprint of the algorithm in force."""
    algorithm = get_hasher().algorithm
    unusable = "!"  # as Django marks an account without a password
    people = Person.objects.exclude(password="").exclude(password__startswith=unusable)
    return _("%(count)d of %(people)d passwords are fingerprints made by %(algorithm)s.") % {
        "count": people.filter(password__startswith=f"{algorithm}$").count(),
        "people": people.count(),
        "algorithm": algorithm,
    }
