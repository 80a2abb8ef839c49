"""Sealed files that are never whole in memory: written as they come, read from any byte on.

The bytes are defined in `bluegpt.vault.rules.pieces`. A file that was sealed whole, as `files.put`
does, is read here too, and only then is it whole in memory.
"""

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

from asgiref.sync import async_to_sync

from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.vault.adapters import file_store
from bluegpt.vault.rules import pieces
from bluegpt.vault.rules.envelope import SALT_BYTES
from bluegpt.vault.rules.pieces import PIECE_BYTES, Pieces
from bluegpt.vault.services import files, keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose file it is, of which class, and where its row is: all that is bound to its bytes."""

    person_id: UUID
    data_class: DataClass
    context: str


async def put(chunks: AsyncIterator[bytes], *, place: Place, key: str = "") -> tuple[str, int]:
    """Seal and store what comes, under `key` when one was noted down; its key and its size.

    What `chunks` raises is raised, and nothing is stored. Raises vault.errors.PersonErased.
    """
    class_key = await in_thread(
        keys.key_for_sealing, person_id=place.person_id, data_class=place.data_class
    )
    cipher = Pieces(class_key, salt=os.urandom(SALT_BYTES), context=place.context)
    sealing = _Sealing(chunks, cipher)
    key = key or files.new_key()
    await file_store.put_stream(files.checked(key), sealing.run())
    return key, sealing.size_bytes


class _Sealing:
    """The sealed bytes of a stream, and how long it was."""

    def __init__(self, chunks: AsyncIterator[bytes], cipher: Pieces) -> None:
        self._chunks = chunks
        self._cipher = cipher
        self._number = 0
        self.size_bytes = 0

    async def run(self) -> AsyncIterator[bytes]:
        yield self._cipher.header
        waiting = bytearray()
        async for chunk in self._chunks:
            self.size_bytes += len(chunk)
            waiting += chunk
            # A full piece is the last one if nothing follows, so it waits for what does.
            while len(waiting) > PIECE_BYTES:
                yield self._sealed(bytes(waiting[:PIECE_BYTES]), is_last=False)
                del waiting[:PIECE_BYTES]
        yield self._sealed(bytes(waiting), is_last=True)

    def _sealed(self, piece: bytes, *, is_last: bool) -> bytes:
        sealed = self._cipher.seal(piece, number=self._number, is_last=is_last)
        self._number += 1
        return sealed


async def read(
    key: str, *, place: Place, start: int = 0, stop: int | None = None
) -> AsyncIterator[bytes]:
    """The bytes from `start` to before `stop`, in order. Raises UnknownFile, CannotOpen."""
    header = await _header_of(key)
    if not pieces.is_header(header):
        whole = await files.get(
            key, person_id=place.person_id, data_class=place.data_class, context=place.context
        )
        yield whole[start:stop]
        return
    size_bytes = pieces.size_of(await file_store.size_of_async(key))
    stop = size_bytes if stop is None else max(start, min(stop, size_bytes))
    cipher = await _cipher_of(header, place)
    last = pieces.count_of(size_bytes) - 1
    first = min(start // PIECE_BYTES, last)
    until = max(first, (stop - 1) // PIECE_BYTES)
    for number in range(first, until + 1):
        place_in_file = pieces.place_of(number), pieces.place_of(number + 1)
        sealed = await file_store.get_range(key, *place_in_file)
        opened = cipher.open(sealed, number=number, is_last=number == last)
        begins = number * PIECE_BYTES
        yield opened[max(0, start - begins) : stop - begins]


def onwards(key: str, *, place: Place) -> tuple[int, Iterator[bytes]]:
    """The file's size, and its bytes from first to last, for whoever is in no event loop.

    Raises UnknownFile, CannotOpen: at once when not even its beginning can be read.
    """
    header = async_to_sync(_header_of)(key)
    if not pieces.is_header(header):
        whole = async_to_sync(files.get)(
            key, person_id=place.person_id, data_class=place.data_class, context=place.context
        )
        return len(whole), iter((whole,))
    size_bytes = async_to_sync(size_of)(key)
    first = _part(key, place, 0)

    def parts() -> Iterator[bytes]:
        yield first
        for start in range(len(first), size_bytes, PIECE_BYTES):
            yield _part(key, place, start)

    return size_bytes, parts()


def _part(key: str, place: Place, start: int) -> bytes:
    """One piece of it: as much as is read from the store at once."""

    async def read_part() -> bytes:
        stop = start + PIECE_BYTES
        return b"".join([chunk async for chunk in read(key, place=place, start=start, stop=stop)])

    return async_to_sync(read_part)()


async def size_of(key: str) -> int:
    """How long what was put under a key is, unsealed. Raises UnknownFile."""
    return pieces.size_of(await file_store.size_of_async(files.checked(key)))


async def _header_of(key: str) -> bytes:
    return bytes(await file_store.get_range(files.checked(key), 0, pieces.HEADER_BYTES))


async def _cipher_of(header: bytes, place: Place) -> Pieces:
    class_key = await in_thread(
        keys.key_for_opening,
        pieces.key_id_of(header),
        person_id=place.person_id,
        data_class=place.data_class,
    )
    return Pieces(class_key, salt=pieces.salt_of(header), context=place.context)
