"""Long files: read from any byte, never a piece from another place, never a part as the whole."""

import random
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.vault.errors import CannotOpen, UnknownFile
from bluegpt.vault.rules.pieces import HEADER_BYTES, PIECE_BYTES, SEALED_PIECE_BYTES
from bluegpt.vault.services import files, seal, streams
from bluegpt.vault.services.streams import Place

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]
SIZES = (0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 2_500_000)


@pytest.fixture
def place(person_id: UUID) -> Place:
    return Place(person_id=person_id, data_class=DataClass.CONTENT, context="studio.film.file:1")


def _bytes(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311 - the same each time, not secret


async def _in_chunks(data: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def _all(key: str, place: Place, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join([part async for part in streams.read(key, place=place, start=start, stop=stop)])


def _path(key: str) -> Path:
    return Path(settings.BLUEGPT.site.data_dir) / "files" / key


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_comes_back_as_it_was(place: Place, size: int) -> None:
    data = _bytes(size)

    key, size_bytes = await streams.put(_in_chunks(data), place=place)

    assert size_bytes == size
    assert await _all(key, place) == data
    assert (
        await files.get(
            key, person_id=place.person_id, data_class=place.data_class, context=place.context
        )
        == data
    )
    assert data[:64] not in _path(key).read_bytes() or size < 64


async def test_any_stretch_can_be_read_by_itself(place: Place) -> None:
    data = _bytes(3 * PIECE_BYTES + 5)
    key, _size = await streams.put(_in_chunks(data, 77_777), place=place)
    edges = [0, 1, PIECE_BYTES - 1, PIECE_BYTES, 2 * PIECE_BYTES, 3 * PIECE_BYTES + 3, len(data)]

    for start in edges:
        for stop in (*edges, None):
            assert await _all(key, place, start, stop) == data[start:stop], (start, stop)


async def test_a_file_that_was_sealed_whole_is_read_too(place: Place) -> None:
    key = await files.put(
        b"a short one",
        person_id=place.person_id,
        data_class=place.data_class,
        context=place.context,
    )

    assert await _all(key, place, 2, 7) == b"short"


async def test_a_file_opens_only_for_its_owner_and_its_place(place: Place) -> None:
    key, _size = await streams.put(_in_chunks(b"hello"), place=place)

    for other in (
        Place(person_id=UUID(int=1), data_class=place.data_class, context=place.context),
        Place(person_id=place.person_id, data_class=place.data_class, context="studio.film.file:2"),
        Place(person_id=place.person_id, data_class=DataClass.ARCHIVE, context=place.context),
    ):
        with pytest.raises(CannotOpen):
            await _all(key, other)


async def test_a_destroyed_key_closes_every_stretch(place: Place) -> None:
    key, _size = await streams.put(_in_chunks(_bytes(3 * PIECE_BYTES)), place=place)

    await in_thread(seal.destroy_keys, person_id=place.person_id)

    with pytest.raises(CannotOpen):
        await _all(key, place, 2 * PIECE_BYTES)


async def test_pieces_cannot_change_places_be_left_out_or_be_altered(place: Place) -> None:
    key, _size = await streams.put(_in_chunks(_bytes(4 * PIECE_BYTES)), place=place)
    header, sealed = _path(key).read_bytes()[:HEADER_BYTES], _path(key).read_bytes()[HEADER_BYTES:]
    first, second, third, fourth = (
        sealed[at * SEALED_PIECE_BYTES : (at + 1) * SEALED_PIECE_BYTES] for at in range(4)
    )
    altered = bytes([first[0] ^ 1]) + first[1:]

    for wrong in (
        (second, first, third, fourth),
        (first, third, fourth),
        (first, second, third),
        (altered, second, third, fourth),
        (first, second, third, fourth[:-1]),
        (first, second, third, fourth, fourth),
    ):
        _path(key).write_bytes(header + b"".join(wrong))
        with pytest.raises(CannotOpen):
            await _all(key, place)


async def test_a_stream_that_fails_stores_nothing(place: Place) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield _bytes(12_000_000)
        raise ConnectionResetError

    key = files.new_key()
    with pytest.raises(ConnectionResetError):
        await streams.put(failing(), place=place, key=key)

    assert not await files.exists(key)
    assert list(_path(key).parent.glob(f"{_path(key).name}*")) == []
    with pytest.raises(UnknownFile):
        await _all(key, place)
