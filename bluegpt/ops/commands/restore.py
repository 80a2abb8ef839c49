"""`bluegpt restore`"""

import argparse

from bluegpt.ops import boot
from bluegpt.ops.backups import archives, restoring
from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import tell
from bluegpt.vault.types import Standing


def run(arguments: argparse.Namespace) -> int:
    """Put an archive in place and erase again what it brought back; or only one of the two."""
    if arguments.archive is None and not arguments.replay:
        raise Complaint("Name an archive to restore, or say --replay to erase again.")
    if arguments.archive is None:
        boot.ready_databases(may_upgrade=True)
        return _tell(restoring.replay())
    _insist_on_root_key()
    if arguments.check:
        contents = archives.verified(arguments.archive)
        print(
            f"{arguments.archive} is whole: {contents.kind} of {contents.made_at},"
            f" {contents.members} members, {contents.size_bytes:,} bytes."
        )
        return 0
    found = restoring.restore(arguments.archive, overwrite=arguments.over)
    print(f"{arguments.archive} is in place.")
    return _tell(found)


def _tell(found: Standing) -> int:
    erased = found.data_lacks + found.vault_lacks
    tell(f"{erased} erasures were carried out again; everything that was erased is erased.")
    return 0


def _insist_on_root_key() -> None:
    """It would be made new otherwise, and fit nothing. Raises Complaint."""
    path = boot.data_dir() / "root.key"
    if not path.exists():
        raise Complaint(
            f"{path} is not there. Put the root key of the backed-up installation there first:"
            " without it nothing in a backup can be read.",
            exit_code=1,
        )
