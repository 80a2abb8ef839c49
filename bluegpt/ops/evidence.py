"""What is so right now, for the clauses that the operator's machine keeps."""

from bluegpt.ops.backups import pruning
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.horizon import horizon_days
from bluegpt.privacy.types.backups import BackupKind
from bluegpt.vault.services import erasures


def backups_end() -> str:
    """No archive has outlived its day, and both databases have been through every erasure."""
    overdue = pruning.overdue()
    if overdue:
        raise NoEvidence(f"{len(overdue)} backups have outlived the policy")
    if not erasures.standing().is_whole:
        raise NoEvidence("a database is older than the last erasure")
    sealed, clear = (horizon_days(kind) for kind in (BackupKind.VAULT, BackupKind.DATA))
    return f"no backup is older than its window; the horizon is {sealed} and {clear} days"
