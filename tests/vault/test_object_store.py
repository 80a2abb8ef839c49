"""Sealed files in an S3-compatible store: what holds in a folder holds there, parts and all."""

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from socket import socket
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import UUID

import pytest
from moto.server import ThreadedMotoServer

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.vault.adapters import file_store
from bluegpt.vault.errors import CannotOpen, UnknownFile
from bluegpt.vault.services import files, seal, streams
from bluegpt.vault.services.streams import Place

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

BUCKET = "pictures"
FILM_BYTES = 11_000_000  # more than two parts of an upload
_PORTS = range(20_000, 32_768)  # below those that outgoing connections are given
_KEYS = {"access_key_id": "one", "secret_access_key": "two"}


def _free_port() -> int:
    for port in random.sample(_PORTS, k=50):
        with closing(socket()) as listening:
            try:
                listening.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 server of moto's, with a bucket."""
    port = _free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    address = f"http://127.0.0.1:{port}"
    _verb("PUT", f"{address}/{BUCKET}")
    yield address
    server.stop()


def _verb(verb: str, address: str) -> None:
    with urlopen(Request(address, method=verb)) as answer:
        assert answer.status == 200


@pytest.fixture(autouse=True)
def in_bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As BLUEGPT_FILES_URL would have it."""
    query = urlencode(
        {
            "endpoint": endpoint,
            "region": "us-east-1",
            "virtual_hosted_style_request": "false",
            **_KEYS,
        }
    )
    url = f"s3://{BUCKET}/sealed?{query}"
    monkeypatch.setattr(file_store, "_store", lambda: file_store._opened(url, tmp_path))


@pytest.fixture
def place(person_id: UUID) -> Place:
    return Place(person_id=person_id, data_class=DataClass.CONTENT, context="studio.asset.file:1")


def film() -> bytes:
    return random.Random(5).randbytes(FILM_BYTES)  # noqa: S311 - the same each time, not secret


async def chunks_of(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 300_000):
        yield data[start : start + 300_000]


async def read(key: str, place: Place, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join([part async for part in streams.read(key, place=place, start=start, stop=stop)])


async def test_a_long_film_goes_up_in_parts_and_is_read_from_any_byte(place: Place) -> None:
    data = film()

    key, size = await streams.put(chunks_of(data), place=place)

    assert size == FILM_BYTES == await streams.size_of(key)
    assert await read(key, place) == data
    for start, stop in ((0, 1), (FILM_BYTES - 1, FILM_BYTES), (1_048_570, 1_048_590)):
        assert await read(key, place, start, stop) == data[start:stop]
    assert await read(key, place, 7_000_001, 9_500_000) == data[7_000_001:9_500_000]


async def test_nothing_of_it_lies_there_in_the_clear(place: Place) -> None:
    words = b"the heron under the seventh bridge"

    key, _size = await streams.put(chunks_of(words), place=place)

    assert words not in await file_store.get(key)
    stranger = Place(person_id=UUID(int=1), data_class=place.data_class, context=place.context)
    with pytest.raises(CannotOpen):
        await read(key, stranger)


async def test_an_upload_that_breaks_off_leaves_no_object(place: Place) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield bytes(6_000_000)
        raise ConnectionError

    key = files.new_key()
    with pytest.raises(ConnectionError):
        await streams.put(breaking(), place=place, key=key)

    assert not await files.exists(key)


async def test_it_is_listed_deleted_and_deleted_again(place: Place) -> None:
    key, _size = await streams.put(chunks_of(b"hello"), place=place)
    other, _size = await streams.put(chunks_of(b"hello"), place=place)

    assert {key, other} <= set(await in_thread(lambda: list(files.every_key())))
    await files.delete(key)
    await files.delete(key)

    assert not await files.exists(key)
    assert await files.exists(other)
    with pytest.raises(UnknownFile):
        await read(key, place)


async def test_one_key_never_names_other_bytes(place: Place) -> None:
    key = await files.put(
        b"first", person_id=place.person_id, data_class=place.data_class, context=place.context
    )

    with pytest.raises(Exception, match=r"(?i)exist|precondition"):
        await files.put(
            b"second",
            person_id=place.person_id,
            data_class=place.data_class,
            context=place.context,
            key=key,
        )

    assert await read(key, place) == b"first"


async def test_a_destroyed_key_ends_what_lies_there(place: Place) -> None:
    key, _size = await streams.put(chunks_of(film()), place=place)

    await in_thread(seal.destroy_keys, person_id=place.person_id)

    with pytest.raises(CannotOpen):
        await read(key, place)


async def test_an_erased_file_is_gone(place: Place) -> None:
    key, _size = await streams.put(chunks_of(b"hello"), place=place)

    await in_thread(files.erase, [key])

    assert not await files.exists(key)


async def test_old_files_of_a_folder_are_found_by_their_age(place: Place) -> None:
    key, _size = await streams.put(chunks_of(b"hello"), place=place)
    elsewhere = next(folder for folder in files.folders() if folder != key[:2])

    def old(folder: str, hours: int) -> list[str]:
        before = clock.now() + timedelta(hours=hours)
        return files.older_keys(folder, before=before)

    assert key in await in_thread(old, key[:2], 1)
    assert key not in await in_thread(old, key[:2], -1)
    assert key not in await in_thread(old, elsewhere, 1)
    assert await in_thread(lambda: files.remove_unfinished(key[:2], before=clock.now())) == 0


async def test_a_backup_takes_it_out_and_puts_it_back(place: Place, tmp_path: Path) -> None:
    data = film()
    key, _size = await streams.put(chunks_of(data), place=place)
    copy = tmp_path / "copy"

    size = await in_thread(files.copy_to, key, copy)
    await files.delete(key)
    await in_thread(lambda: files.put_back(key, copy, size_bytes=size))

    assert await read(key, place) == data
