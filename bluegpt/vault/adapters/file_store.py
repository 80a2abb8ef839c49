"""Where sealed files lie: a folder, or any object store that obstore knows.

BLUEGPT_FILES_URL is "s3://bucket/prefix", "gs://…" or "az://…"; what the store needs besides stands
in its query, by obstore's own names: "?endpoint=https://s3.example.org&region=paris".
Credentials may stand there too, or where the store's own tools look for them.
"""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import obstore
from django.conf import settings
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from bluegpt.core.settings import SettingsError
from bluegpt.vault.errors import UnknownFile

_SCHEMES = {"s3", "s3a", "gs", "az", "abfs", "abfss"}


async def put(key: str, data: bytes) -> None:
    """Write a new object; it appears whole or not at all."""
    await obstore.put_async(_store(), key, data, mode="create")


async def get(key: str) -> bytes:
    """Read an object. Raises UnknownFile."""
    try:
        found = await obstore.get_async(_store(), key)
        return bytes(await found.bytes_async())
    except (NotFoundError, FileNotFoundError):
        raise UnknownFile from None


async def delete(key: str) -> None:
    """Remove an object; one that is gone already is fine."""
    try:
        await obstore.delete_async(_store(), key)
    except (NotFoundError, FileNotFoundError):
        return


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
