"""Sealed files: attachments, and later images and exports.

The key of a file is random and tells nothing. Bytes are sealed in memory before they reach a disk
or a network. A file whose row was never committed is an orphan that nobody can name; one whose
row is gone is unreadable once the person's key is destroyed.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction

from bluegpt.core import erasures
from bluegpt.core.jobs import enqueue
from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.vault.adapters import file_store
from bluegpt.vault.errors import UnknownFile
from bluegpt.vault.rules import pieces
from bluegpt.vault.services import journal, seal
from bluegpt.vault.types import FILE

DELETE_JOB = "vault.delete_files"

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{46}")


def new_key() -> str:
    """A key that no file has: for whoever notes it down before the file is written."""
    name = secrets.token_hex(24)
    return f"{name[:2]}/{name[2:]}"  # folders of a manageable size


async def put(
    data: bytes, *, person_id: UUID, data_class: DataClass, context: str, key: str = ""
) -> str:
    """Seal and store, under `key` when one was noted down before; returns the file's key."""
    sealed = await in_thread(
        seal.seal, data, person_id=person_id, data_class=data_class, context=context
    )
    key = key or new_key()
    await file_store.put(checked(key), sealed)
    return key


async def get(key: str, *, person_id: UUID, data_class: DataClass, context: str) -> bytes:
    """The file's bytes, whole. Raises vault.errors.UnknownFile, CannotOpen."""
    sealed = await file_store.get(checked(key))
    opening = (
        seal.open_pieces if pieces.is_header(sealed[: pieces.HEADER_BYTES]) else seal.open_sealed
    )
    return await in_thread(
        opening, sealed, person_id=person_id, data_class=data_class, context=context
    )


def erase(keys: Sequence[str]) -> None:
    """Note that files end, and remove them: one that a backup brings back is removed again."""
    for key in keys:
        checked(key)
    with transaction.atomic(using=journal.VAULT, durable=True):
        notes = journal.enter(FILE, keys)
    journal.copy(notes)
    for key in keys:
        async_to_sync(delete)(key)


@erasures.ends(FILE)
def _remove_again(subject: str) -> None:
    enqueue(DELETE_JOB, {"file_keys": [subject]})


def every_key() -> Iterator[str]:
    """The key of every sealed file, in no order."""
    return filter(_KEY.fullmatch, file_store.keys())


def folders() -> tuple[str, ...]:
    """Where files lie: the first two characters of their keys, each as full as the others."""
    return tuple(f"{number:02x}" for number in range(256))


def older_keys(folder: str, *, before: datetime) -> list[str]:
    """The keys of one folder's files that were written before an instant."""
    return list(filter(_KEY.fullmatch, file_store.older_keys(folder, before=before)))


def remove_unfinished(folder: str, *, before: datetime) -> int:
    """Remove what processes that died had half written; returns how many files."""
    return file_store.remove_unfinished(folder, before=before)


def copy_to(key: str, path: Path) -> int:
    """Copy a file as it is stored, sealed; its size in bytes. Raises UnknownFile."""
    return file_store.copy_to(checked(key), path)


def put_back(key: str, path: Path, *, size_bytes: int) -> None:
    """Store a sealed copy again, unless it is there: a key never names other bytes."""
    if file_store.size_of(checked(key)) != size_bytes:
        file_store.put_back(key, path)


def remove(key: str) -> None:
    """Remove a file that no row names any more. For one that is erased, see `erase`."""
    file_store.remove(checked(key))


async def exists(key: str) -> bool:
    """Whether the store still has the file, readable or not."""
    return await file_store.exists(checked(key))


async def delete(key: str) -> None:
    """Remove the file; one that is gone already is fine."""
    await file_store.delete(checked(key))


def checked(key: str) -> str:
    """The key, when it has a key's form. Raises UnknownFile."""
    if not _KEY.fullmatch(key):
        raise UnknownFile
    return key
