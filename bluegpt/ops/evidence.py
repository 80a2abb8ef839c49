"""What is so right now, for the clauses that the operator's machine keeps."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bluegpt.core import clock
from bluegpt.ops.backups import pruning
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.horizon import horizon_days
from bluegpt.privacy.types.backups import BackupKind
from bluegpt.vault.services import erasures

_YOUNG = timedelta(days=2)  # they are made every day


def backups_are_young() -> str:
    """The newest backup of each kind is at most two days old. Raises NoEvidence."""
    made = {kind: pruning.last(kind) for kind in BackupKind}
    ages = [(clock.now() - each.made_at) for each in made.values() if each is not None]
    if len(ages) < len(made):
        raise NoEvidence(_("There is no backup yet of data and keys."))
    if max(ages) > _YOUNG:
        raise NoEvidence(_("The last backup is older than two days."))
    return _("The newest backups of data and of keys are %(hours)d hours old at most.") % {
        "hours": max(ages) // timedelta(hours=1)
    }


def backups_end() -> str:
    """No archive has outlived its day, and both databases have been through every erasure."""
    overdue = pruning.overdue()
    if overdue:
        raise NoEvidence(
            ngettext(
                "%(count)d backup has outlived the policy.",
                "%(count)d backups have outlived the policy.",
                len(overdue),
            )
            % {"count": len(overdue)}
        )
    if not erasures.standing().is_whole:
        raise NoEvidence(_("A database is older than the last erasure."))
    sealed, clear = (horizon_days(kind) for kind in (BackupKind.VAULT, BackupKind.DATA))
    return _(
        "No backup is older than its window; what is erased is gone from all of them after"
        " %(sealed)d days where it was sealed, and %(clear)d days elsewhere."
    ) % {"sealed": sealed, "clear": clear}
