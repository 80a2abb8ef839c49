"""`bluegpt privacy succession …`"""

import argparse
import os
from pathlib import Path
from uuid import UUID

from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import table, tell
from bluegpt.privacy.queries import successions as queries
from bluegpt.privacy.services import succession_bundles, successions
from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.services import parcels


def list_all(_arguments: argparse.Namespace) -> int:
    """Where each stands; the newest first."""
    found = queries.successions()
    if not found:
        print("The service has never changed hands.")
        return 0
    rows = [
        (
            each.declared.acquirer,
            each.declared.country,
            each.state,
            f"from {each.bundle_from:%Y-%m-%d %H:%M} UTC" if each.bundle_from else "",
            f"told {each.counts.told}",
            f"objected {each.counts.objected}",
            f"not reached {each.counts.undelivered}",
            f"bundles {len(each.bundles)}",
        )
        for each in found
    ]
    print(table(rows))
    return 0


def undelivered(_arguments: argparse.Namespace) -> int:
    """Who has not been told; ids alone, so that the list can be given to `bundle`."""
    for person_id in queries.undelivered(queries.live()).values_list("id", flat=True).iterator():
        print(person_id)
    return 0


def abandon(_arguments: argparse.Namespace) -> int:
    """Give up what is planned."""
    row = queries.live()
    successions.abandon(actor_id=None, succession_id=row.id)
    print(f"Abandoned: nothing is handed over to {row.acquirer}.")
    return 0


def bundle(arguments: argparse.Namespace) -> int:
    """Write the bundle and its receipt."""
    listed = _ids(arguments.undelivered) if arguments.undelivered else frozenset()
    try:
        receipt = succession_bundles.build(
            out=arguments.out, to=_bytes_of(arguments.to), left_out=listed
        )
    except FileExistsError as error:
        raise Complaint(
            f"There is a file {error.filename or error} already. Nothing was written.", exit_code=1
        ) from None
    print(arguments.out)
    tell(f"{receipt['people']:,} people, {receipt['size_bytes']:,} bytes.")
    tell(f"SHA-256 {receipt['sha256']}; the signed receipt stands beside it.")
    return 0


def open_bundle(arguments: argparse.Namespace) -> int:
    """Open a bundle; nothing is left of one that is not whole."""
    if not arguments.file.is_file():
        raise Complaint(f"There is no file {arguments.file}.", exit_code=1)
    key = _bytes_of(arguments.key)
    try:
        with arguments.file.open("rb") as sealed, open(arguments.out, "xb", opener=_private) as out:
            try:
                out.writelines(parcels.opened(sealed, by=key))
            except CannotOpen:
                arguments.out.unlink()
                raise Complaint(
                    f"{arguments.file} is not whole, or was sealed for another key.", exit_code=1
                ) from None
    except FileExistsError:
        raise Complaint(f"There is a file {arguments.out} already.", exit_code=1) from None
    print(arguments.out)
    return 0


def _ids(path: Path) -> frozenset[UUID]:
    try:
        return frozenset(UUID(line) for line in _bytes_of(path).decode().split())
    except ValueError:
        raise Complaint(f"{path} holds something else than ids, one a line.", exit_code=1) from None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Complaint(f"{path} cannot be read: {error.strerror}.", exit_code=1) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
