"""Writing an archive: a ZIP that is never whole anywhere but in the hands of its owner.

Records stand one to a line inside a JSON array, so that a file is plain JSON for any program and
can still be read line by line. Media are stored as they are; text is compressed.
"""

import hashlib
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from django.utils import translation

from bluegpt.core import clock
from bluegpt.core.portable import PortableFile, Record, portables
from bluegpt.privacy.models import Archive
from bluegpt.privacy.queries import archive_schemas, rows
from bluegpt.privacy.queries.directives import classes_wished
from bluegpt.privacy.queries.handover import lines
from bluegpt.privacy.queries.information import information
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.portability import portable_classes
from bluegpt.privacy.services import archive_pages
from bluegpt.privacy.services.archive_pieces import PieceWriter
from bluegpt.privacy.types.archives import ArchiveKind
from bluegpt.privacy.types.directives import Wish
from bluegpt.vault.errors import CannotOpen, UnknownFile
from bluegpt.vault.services import streams
from bluegpt.vault.services.streams import Place

ACCESS_FORMAT = "bluegpt-archive-1"
HANDOVER_FORMAT = "bluegpt-handover-1"
PORTABLE_FORMAT = "bluegpt-portable-1"
DIGESTS = "digests.json"  # the last entry: the SHA-256 of every other, by its path
_LEVEL = 3  # text shrinks to nearly the same size as at the usual 6, in half the time


def write(archive: Archive, writer: PieceWriter) -> None:
    """Write the whole archive in the language it was asked for. Raises Cancelled."""
    making = _Making(archive, writer)
    with translation.override(archive.language), making.zip:
        if archive.kind == ArchiveKind.PORTABLE:
            making.portable()
        elif archive.kind == ArchiveKind.HANDOVER:
            making.handover()
        else:
            making.access()


class _Making:
    def __init__(self, archive: Archive, writer: PieceWriter) -> None:
        self.zip = zipfile.ZipFile(
            writer,
            "w",
            zipfile.ZIP_DEFLATED,
            compresslevel=_LEVEL,
        )
        self._archive = archive
        self._person_id = archive.person_id
        self._made_at = clock.now()
        self._digests: dict[str, str] = {}

    def access(self) -> None:
        """Every declared table, the pages to read, the files, and what Article 15 adds."""
        told = information(self._person_id)
        counts = {}
        for table in rows.archived_tables():
            mine = rows.rows(table, self._person_id)
            path = archive_schemas.path_of(table)
            counts[table.model] = self._array(path, (row.values for row in mine))
            if table.files:
                mine = rows.rows(table, self._person_id)
                self._media(file for row in mine for file in row.files)
        self._json("schema.json", archive_schemas.access_schema())
        self._json("archive.json", self._index(ACCESS_FORMAT, told | {"counts": counts}))
        archive_pages.write(
            self._entry,
            person_id=self._person_id,
            made_at=self._made_at,
            told=told,
            counts=counts,
        )
        self._json(DIGESTS, self._digests)

    def portable(self) -> None:
        """What can be taken elsewhere: what was given and observed, under contract or consent."""
        classes = portable_classes(manifest())
        kinds = []
        for portable in portables():
            if portable.data_class not in classes:
                continue
            for kind in portable.schemas:
                kinds.append(kind)
                self._portable_kind(portable.records, kind)
        self._json("schema.json", archive_schemas.portable_schema())
        self._json("portable.json", self._index(PORTABLE_FORMAT, {"kinds": kinds}))
        self._json(DIGESTS, self._digests)

    def handover(self) -> None:
        """What a person left to whom they trusted: these kinds of data, and nothing beside them."""
        classes = classes_wished(self._person_id, Wish.HAND_OVER)
        for portable in portables():
            if portable.data_class in classes:
                for kind in portable.schemas:
                    self._portable_kind(portable.records, kind)
        with self._entry("rows.jsonl") as put:
            for line in lines(person_id=self._person_id, data_classes=classes):
                put(line)
        told = {"data_classes": sorted(classes)}
        self._json("handover.json", self._index(HANDOVER_FORMAT, told))
        self._json(DIGESTS, self._digests)

    def _portable_kind(self, records: Callable[..., Iterator[Record]], kind: str) -> None:
        mine = records(kind, self._person_id)
        self._array(f"{kind}.json", (record.values for record in mine))
        again = records(kind, self._person_id)
        self._media(file for record in again for file in record.files)

    def _array(self, path: str, records: Iterable[Mapping[str, Any]]) -> int:
        """The records, one to a line; how many there were."""
        count = 0
        with self._entry(path) as put:
            put(b"[")
            for values in records:
                put((b",\n" if count else b"\n") + orjson.dumps(values))
                count += 1
            put(b"\n]\n")
        return count

    def _media(self, files: Iterable[PortableFile]) -> None:
        for file in files:
            place = Place(
                person_id=self._person_id, data_class=file.data_class, context=file.context
            )
            try:
                _size, chunks = streams.onwards(file.file_key, place=place)
            except (CannotOpen, UnknownFile):
                continue  # deleted since the row was read, or unreadable for good
            with self._entry(file.path, zipfile.ZIP_STORED) as put:
                for chunk in chunks:
                    put(chunk)

    def _json(self, path: str, document: Mapping[str, Any]) -> None:
        data = orjson.dumps(document, option=orjson.OPT_INDENT_2)
        with self._entry(path) as put:
            put(data)

    @contextmanager
    def _entry(
        self, path: str, how: int = zipfile.ZIP_DEFLATED
    ) -> Iterator[Callable[[bytes], object]]:
        info = self._info(path, how)
        digest = hashlib.sha256()
        with self.zip.open(info, "w", force_zip64=True) as entry:

            def put(data: bytes) -> None:
                digest.update(data)
                entry.write(data)

            yield put
        self._digests[path] = digest.hexdigest()

    def _info(self, path: str, how: int) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(path, date_time=time.gmtime(self._made_at.timestamp())[:6])
        info.compress_type = how
        info.external_attr = 0o600 << 16
        return info

    def _index(self, form: str, more: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "format": form,
            "made_at": self._made_at,
            "language": self._archive.language,
            "policy_digest": manifest().digest,
            **more,
        }
