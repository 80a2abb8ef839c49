"""Writing the tar file inside a bundle, onwards: memory holds a few megabytes of it."""

import hashlib
import tarfile
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson

from bluegpt.core.personal_data import DataClass
from bluegpt.core.portable import PortableFile
from bluegpt.privacy.queries.succession_rows import records
from bluegpt.vault.errors import CannotOpen, UnknownFile
from bluegpt.vault.services import streams
from bluegpt.vault.services.parcels import ParcelWriter
from bluegpt.vault.services.streams import Place

FORMAT = "bluegpt-succession-1"
ROWS_BYTES = 4_000_000


class BundleWriter:
    """People, one after the other; `rows` counts what was written, by table."""

    def __init__(self, parcel: ParcelWriter, *, classes: frozenset[DataClass]) -> None:
        self._parcel = parcel
        self._classes = classes
        self._kept = bytearray()
        self._parts = 0
        self._digest = hashlib.sha256()
        self.rows: Counter[str] = Counter()

    def add(self, person_id: UUID) -> None:
        """Everything of one person that is handed over."""
        for record in records(person_id, self._classes):
            line = {"person": person_id, "table": record.table, "row": record.values}
            self._kept += orjson.dumps(line) + b"\n"
            self.rows[record.table] += 1
            if len(self._kept) >= ROWS_BYTES:
                self._put_rows()
            for file in record.files:
                self._put_file(file, person_id)

    def finish(self, told: Mapping[str, Any]) -> None:
        """The last rows, and what the whole is."""
        self._put_rows()
        index = {**told, "rows": dict(self.rows), "sha256": self._digest.hexdigest()}
        self._put("bundle.json", orjson.dumps(index, option=orjson.OPT_INDENT_2))
        self._parcel.write(bytes(2 * tarfile.BLOCKSIZE))  # the end of a tar file

    def _put_rows(self) -> None:
        if self._kept:
            self._parts += 1
            self._put(f"rows-{self._parts:06}.jsonl", bytes(self._kept))
            self._kept.clear()

    def _put_file(self, file: PortableFile, person_id: UUID) -> None:
        place = Place(person_id=person_id, data_class=file.data_class, context=file.context)
        try:
            size_bytes, chunks = streams.onwards(file.file_key, place=place)
        except (CannotOpen, UnknownFile):
            return  # deleted since the row was read, or unreadable for good
        self._put_chunks(file.path, size_bytes, chunks)

    def _put(self, name: str, data: bytes) -> None:
        self._put_chunks(name, len(data), (data,))

    def _put_chunks(self, name: str, size_bytes: int, chunks: Iterable[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size_bytes, 0o600
        # Not by TarFile: it remembers every member, and there are as many as people have files.
        self._parcel.write(member.tobuf(tarfile.PAX_FORMAT))
        self._digest.update(f"{name}\0{size_bytes}\0".encode())
        for chunk in chunks:
            self._parcel.write(chunk)
            self._digest.update(chunk)
        self._parcel.write(bytes(-size_bytes % tarfile.BLOCKSIZE))
