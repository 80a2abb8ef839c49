"""`bluegpt backup`"""

import argparse

from bluegpt.ops.backups import making, pruning
from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import tell
from bluegpt.privacy.types.backups import BackupKind as Kind


def run(arguments: argparse.Namespace) -> int:
    """Make the archives that were asked for, then end those whose life is over."""
    kinds = {"all": tuple(Kind), "prune": ()}.get(arguments.what) or (
        () if arguments.what == "prune" else (Kind(arguments.what),)
    )
    for kind in kinds:
        try:
            path = making.make(kind)
        except OSError as error:
            raise Complaint(
                f"The backup of {kind} was not made: {error.strerror or error}.", exit_code=1
            ) from None
        print(path)
        tell(f"{path.stat().st_size:,} bytes; it lives {pruning.kept(kind).days} days.")
    for path in pruning.prune():
        tell(f"{path.name} has come to its end.")
    if kinds:
        tell("root.key is in neither: keep a copy of it apart from both, or they are unreadable.")
    return 0
