"""Where sealed files lie: a folder, or any object store that obstore knows.

BLUEGPT_FILES_URL is "s3://bucket/prefix", "gs://…" or "az://…"; what the store needs besides stands
in its query, by obstore's own names: "?endpoint=https://s3.example.org&region=paris".
Credentials may stand there too, or where the store's own tools look for them.
"""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import obstore
from django.conf import settings
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url
from typing_extensions import Buffer

from bluegpt.core.settings import SettingsError
from bluegpt.vault.errors import UnknownFile

_CHUNK_BYTES = 1 << 20
_PART_BYTES = 5 << 20  # the least that S3 takes for a part, but the last
_SCHEMES = {"s3", "s3a", "gs", "az", "abfs", "abfss"}


async def put(key: str, data: bytes) -> None:
    """Write a new object; it appears whole or not at all."""
    await obstore.put_async(_store(), key, data, mode="create")


async def put_stream(key: str, chunks: AsyncIterator[bytes]) -> None:
    """Write a new object as its bytes come; it appears whole, or not at all when they fail."""
    await obstore.put_async(
        _store(), key, chunks, use_multipart=True, chunk_size=_PART_BYTES, max_concurrency=1
    )


async def get_range(key: str, start: int, stop: int) -> Buffer:
    """The bytes from `start` to before `stop`, or to the end. Raises UnknownFile."""
    try:
        return await obstore.get_range_async(_store(), key, start=start, end=stop)
    except (NotFoundError, FileNotFoundError):
        raise UnknownFile from None


async def get(key: str) -> bytes:
    """Read an object. Raises UnknownFile."""
    try:
        found = await obstore.get_async(_store(), key)
        return bytes(await found.bytes_async())
    except (NotFoundError, FileNotFoundError):
        raise UnknownFile from None


def keys() -> Iterator[str]:
    """Every object's key, as the store lists them."""
    for batch in obstore.list(_store(), chunk_size=1_000):
        yield from (meta["path"] for meta in batch)


def older_keys(prefix: str, *, before: datetime) -> Iterator[str]:
    """The keys below a folder whose objects were written before an instant, as they are listed."""
    for batch in obstore.list(_store(), prefix=prefix, chunk_size=1_000):
        yield from (meta["path"] for meta in batch if meta["last_modified"] < before)


def remove_unfinished(prefix: str, *, before: datetime) -> int:
    """Remove what a process that died had written of an object, where that lies in a folder.

    Returns how many there were. An object store ends unfinished uploads by a rule of its own.
    """
    store = _store()
    if not isinstance(store, LocalStore):
        return 0
    folder = Path(str(store.prefix)) / prefix
    count = 0
    for path in folder.glob("*#*") if folder.is_dir() else ():
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            count += 1
    return count


def copy_to(key: str, path: Path) -> int:
    """Write an object into a file of mode 600, a chunk at a time; its size. Raises UnknownFile."""
    try:
        found = obstore.get(_store(), key)
        with open(path, "wb", opener=_private) as file:
            file.writelines(found.stream(min_chunk_size=_CHUNK_BYTES))
            return file.tell()
    except (NotFoundError, FileNotFoundError):
        raise UnknownFile from None


def put_back(key: str, path: Path) -> None:
    """Write a file as an object, in parts when it is long."""
    obstore.put(_store(), key, path)


def size_of(key: str) -> int | None:
    """An object's size in bytes; None when there is none."""
    try:
        return int(obstore.head(_store(), key)["size"])
    except (NotFoundError, FileNotFoundError):
        return None


async def size_of_async(key: str) -> int:
    """An object's size in bytes. Raises UnknownFile."""
    try:
        return int((await obstore.head_async(_store(), key))["size"])
    except (NotFoundError, FileNotFoundError):
        raise UnknownFile from None


def remove(key: str) -> None:
    """`delete` for whoever is in no event loop."""
    try:
        obstore.delete(_store(), key)
    except (NotFoundError, FileNotFoundError):
        return


async def exists(key: str) -> bool:
    """Whether there is such an object."""
    try:
        await obstore.head_async(_store(), key)
    except (NotFoundError, FileNotFoundError):
        return False
    return True


def is_there(key: str) -> bool:
    """`exists` for whoever is in no event loop."""
    try:
        obstore.head(_store(), key)
    except (NotFoundError, FileNotFoundError):
        return False
    return True


async def delete(key: str) -> None:
    """Remove an object; one that is gone already is fine."""
    try:
        await obstore.delete_async(_store(), key)
    except (NotFoundError, FileNotFoundError):
        return


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _store() -> ObjectStore:
    site = settings.BLUEGPT.site
    return _opened(site.files_url, site.data_dir / "files")


@cache
def _opened(url: str, folder: Path) -> ObjectStore:
    if not url:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalStore(folder)
    address, _mark, query = url.partition("?")
    scheme = urlsplit(address).scheme
    if scheme not in _SCHEMES:
        raise SettingsError(f"BLUEGPT_FILES_URL cannot be a {scheme}:// address")
    options: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    on_http = options.get("endpoint", "").startswith("http://")
    try:
        store: ObjectStore = from_url(address, client_options={"allow_http": on_http}, **options)
    except BaseError as wrong:
        raise SettingsError(f"BLUEGPT_FILES_URL cannot be used: {type(wrong).__name__}") from None
    return store
