"""An archive's bytes: written in sealed pieces while it is made, read back piece by piece."""

from collections.abc import AsyncIterator
from uuid import UUID

from asgiref.sync import async_to_sync

from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.privacy.models import Archive, ArchivePiece
from bluegpt.privacy.types.archives import ArchiveState
from bluegpt.vault.services import files

PIECE_BYTES = 4_000_000
Piece = tuple[UUID, str]  # its row's id, its file's key


class Cancelled(Exception):
    """Nobody waits for this archive any more."""


class PieceWriter:
    """A file that can only be written onwards; memory holds one piece of it.

    Raises Cancelled from `write` when the archive is no longer being made.
    """

    def __init__(self, *, archive_id: UUID, person_id: UUID) -> None:
        self._archive_id = archive_id
        self._person_id = person_id
        self._kept = bytearray()
        self._number = 0
        self.size_bytes = 0

    def write(self, data: bytes, /) -> int:
        self._kept += data
        while len(self._kept) >= PIECE_BYTES:
            self._put(bytes(self._kept[:PIECE_BYTES]))
            del self._kept[:PIECE_BYTES]
        return len(data)

    def flush(self) -> None:
        """Nothing: a piece is written when it is full, and at the end."""

    def close(self) -> None:
        """Nothing: `finish` has the last word, and only after everything went well."""

    def finish(self) -> None:
        """Write what is left."""
        if self._kept:
            self._put(bytes(self._kept))
            self._kept.clear()

    def _put(self, piece: bytes) -> None:
        if not Archive.objects.filter(id=self._archive_id, state=ArchiveState.MAKING).exists():
            raise Cancelled
        row = ArchivePiece.objects.create(
            archive_id=self._archive_id, number=self._number, file_key=files.new_key()
        )
        async_to_sync(files.put)(
            piece,
            person_id=self._person_id,
            data_class=DataClass.ARCHIVE,
            context=_context(row.id),
            key=row.file_key,
        )
        if not ArchivePiece.objects.filter(id=row.id).exists():  # cancelled meanwhile
            async_to_sync(files.delete)(row.file_key)
            raise Cancelled
        self._number += 1
        self.size_bytes += len(piece)


async def read(*, archive_id: UUID, person_id: UUID) -> AsyncIterator[bytes]:
    """The archive from its first byte to its last. Raises vault.errors.CannotOpen."""
    for piece in await in_thread(pieces_of, archive_id):
        yield await read_one(piece, person_id=person_id)


def pieces_of(archive_id: UUID) -> list[Piece]:
    """The pieces in their order; all but the last have PIECE_BYTES."""
    rows = ArchivePiece.objects.filter(archive_id=archive_id).order_by("number")
    return list(rows.values_list("id", "file_key"))


async def read_one(piece: Piece, *, person_id: UUID) -> bytes:
    """The bytes of one piece. Raises vault.errors.CannotOpen."""
    piece_id, file_key = piece
    return await files.get(
        file_key,
        person_id=person_id,
        data_class=DataClass.ARCHIVE,
        context=_context(piece_id),
    )


def drop(archive_id: UUID) -> None:
    """Delete the files and rows of an archive's pieces. Repeatable."""
    pieces = ArchivePiece.objects.filter(archive_id=archive_id)
    for file_key in list(pieces.values_list("file_key", flat=True)):
        async_to_sync(files.delete)(file_key)
    pieces.delete()


def _context(piece_id: UUID) -> str:
    return f"privacy.archive_piece.file:{piece_id}"
