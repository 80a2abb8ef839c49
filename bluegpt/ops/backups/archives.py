"""One archive of a backup: a tar file whose last two members say what it is and that it is whole.

    erasures.jsonl   the notes of erasures of that moment, one a line
    database         an SQLite file, or PostgreSQL's custom format
    files/…          sealed files, under their keys (data archives only)
    manifest.json    kind, instant, versions, and the digest of everything before it
    manifest.mark    a keyed digest of the manifest under the root key

Nothing is held in memory but a chunk. The name carries kind and instant; nothing else is believed
of an archive until `verified` has read it to its end.
"""

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self

from bluegpt.ops.errors import Complaint
from bluegpt.privacy.types.backups import BackupKind as Kind
from bluegpt.vault.services import marks

FORMAT = 1
ERASURES = "erasures.jsonl"
DATABASE = "database"
FILES = "files/"
_MANIFEST = "manifest.json"
_MARK = "manifest.mark"
_PURPOSE = "backup"
_CHUNK_BYTES = 1 << 20
_MANIFEST_BYTES_MAX = 1 << 20
_NAME = re.compile(r"(data|vault)-(\d{8}T\d{6}Z)\.tar")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What an archive says of itself."""

    format: int
    kind: str
    made_at: str  # ISO 8601, UTC
    vendor: str  # of the database
    root_id: str
    migrations: tuple[str, ...]  # "app.name" of everything applied
    members: int
    size_bytes: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An archive by its name alone."""

    path: Path
    kind: Kind
    made_at: datetime


def name_of(kind: Kind, made_at: datetime) -> str:
    """The file name of an archive, by kind and instant."""
    return f"{kind}-{made_at.astimezone(UTC):{_STAMP}}.tar"


def archives_in(folder: Path) -> list[Named]:
    """The archives of a folder, the oldest first."""
    found = []
    for path in folder.glob("*.tar"):
        parts = _NAME.fullmatch(path.name)
        if parts is not None:
            made_at = datetime.strptime(parts[2], _STAMP).replace(tzinfo=UTC)
            found.append(Named(path=path, kind=Kind(parts[1]), made_at=made_at))
    return sorted(found, key=lambda each: (each.made_at, each.kind))


class Writer:
    """Writes an archive, mode 600; it has its name only once it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.TarFile.open(fileobj=self._file, mode="w|", format=tarfile.PAX_FORMAT)
        self._digest = _Digest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            self._part.replace(self._path)
        else:
            self._part.unlink()

    def add(self, name: str, content: IO[bytes], size_bytes: int) -> None:
        """One member. `content` gives exactly `size_bytes`."""
        self._digest.begin(name, size_bytes)
        self._put(name, _Digesting(content, self._digest), size_bytes)

    def seal(self, *, kind: Kind, made_at: datetime, vendor: str, migrations: list[str]) -> None:
        """Say what it is, and that it is whole. Nothing may be added after that."""
        contents = Contents(
            format=FORMAT,
            kind=kind,
            made_at=made_at.isoformat(),
            vendor=vendor,
            root_id=marks.root_id(),
            migrations=tuple(migrations),
            members=self._digest.members,
            size_bytes=self._digest.size_bytes,
            digest=self._digest.hex(),
        )
        said = json.dumps(asdict(contents), sort_keys=True, indent=1).encode()
        mark = marks.mark(said, purpose=_PURPOSE).encode()
        self._put(_MANIFEST, BytesIO(said), len(said))
        self._put(_MARK, BytesIO(mark), len(mark))

    def _put(self, name: str, content: "IO[bytes] | _Digesting", size_bytes: int) -> None:
        member = tarfile.TarInfo(name)
        member.size = size_bytes
        member.mode = 0o600
        self._tar.addfile(member, content)


def verified(path: Path) -> Contents:
    """Read an archive to its end. Raises Complaint unless it is whole, and of this installation."""
    digest = _Digest()
    said = mark = b""
    try:
        with tarfile.open(path, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None or mark:
                    raise Complaint(_damaged(path), exit_code=1)
                if member.name == _MANIFEST:
                    said = content.read(_MANIFEST_BYTES_MAX)
                elif member.name == _MARK:
                    mark = content.read(_MANIFEST_BYTES_MAX)
                else:
                    digest.begin(member.name, member.size)
                    for chunk in iter(lambda read=content.read: read(_CHUNK_BYTES), b""):  # type: ignore[misc]
                        digest.update(chunk)
        contents = _contents(said)
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError):
        raise Complaint(_damaged(path), exit_code=1) from None
    if contents.root_id != marks.root_id():
        raise Complaint(
            f"{path} was made under another root key. Put the root.key of its installation into"
            " the data folder first. Nothing has changed.",
            exit_code=1,
        )
    is_ours = marks.is_ours(said, purpose=_PURPOSE, marked=mark.decode("ascii", "replace"))
    if not is_ours or contents.digest != digest.hex() or contents.format != FORMAT:
        raise Complaint(_damaged(path), exit_code=1)
    return contents


def members(path: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Name, size and content of each member, in order. Only for an archive that was verified."""
    with tarfile.open(path, mode="r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None, "a verified archive holds files only"
            if member.name not in {_MANIFEST, _MARK}:
                yield member.name, member.size, content


def _damaged(path: Path) -> str:
    return f"{path} is damaged, or no backup of this installation. Nothing has changed."


def _contents(said: bytes) -> Contents:
    facts: dict[str, Any] = json.loads(said)
    return Contents(**{**facts, "migrations": tuple(facts["migrations"])})


class _Digest:
    """The digest of members with their names and sizes, so that none can be swapped or cut."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self.members = 0
        self.size_bytes = 0

    def begin(self, name: str, size_bytes: int) -> None:
        self._sha256.update(f"{name}\0{size_bytes}\0".encode())
        self.members += 1

    def update(self, chunk: bytes) -> None:
        self._sha256.update(chunk)
        self.size_bytes += len(chunk)

    def hex(self) -> str:
        return self._sha256.hexdigest()


class _Digesting:
    """A stream that is digested as it is read."""

    def __init__(self, content: IO[bytes], digest: _Digest) -> None:
        self._content = content
        self._digest = digest

    def read(self, size: int = -1) -> bytes:
        chunk = self._content.read(size)
        self._digest.update(chunk)
        return chunk
