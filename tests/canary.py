"""A canary sentence, and the search for it in every byte that an installation has written.

    hits = canary.hits(sentence, below=data_dir, temp_since=started_at)

A sentence is looked for by its two halves, so that a page boundary of a database cannot hide it,
in these disguises: UTF-8, UTF-16, JSON escapes, hexadecimal, percent-encoding, Base64 in its three
alignments (wrapped lines too), and each of these inside any gzip or zlib stream.
"""

import base64
import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests import on_disk

_GZIP_START = b"\x1f\x8b\x08"
_ZLIB_STARTS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_INFLATED_BYTES_MAX = 50_000_000
_HALF_CHARS_MIN = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where the sentence can be read, and how it is written there."""

    path: Path
    disguise: str


def hits(
    *sentences: str, below: Path, since: float = 0, temp_since: float | None = None
) -> list[Hit]:
    """Every file below a folder that holds one of the sentences, in any disguise; read once.

    `since` (seconds since 1970) leaves out what was last changed before the sentences were made
    up. With `temp_since`, also the files of the system's temporary folder that were changed since.
    A name of a file counts as its content.
    """
    disguises = [disguise for sentence in sentences for disguise in _disguises(sentence)]
    paths = dict.fromkeys(_files(below, since=since))
    if temp_since is not None:
        paths |= dict.fromkeys(_files(Path(tempfile.gettempdir()), since=temp_since))
    found: list[Hit] = []
    for path in paths:
        found += _hits_in(path, disguises)
    return found


def _files(folder: Path, *, since: float = 0) -> Iterator[Path]:
    # Not `rglob`, which fails when a folder goes while it is walked.
    below = (Path(root, name) for root, _folders, names in os.walk(folder) for name in names)
    for path in sorted(below):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since:
                yield path
        except OSError:  # gone in the meantime
            continue


def _hits_in(path: Path, disguises: list[tuple[str, bytes]]) -> list[Hit]:
    try:
        data = on_disk.read(path)
    except OSError:  # gone in the meantime
        return []
    texts = [("", str(path).encode() + b"\n" + data)]
    texts += [(f"{kind}, ", inflated) for kind, inflated in _inflated(data)]
    found = []
    for layer, text in texts:
        joined = text.replace(b"\r", b"").replace(b"\n", b"")
        for name, needle in disguises:
            if needle in text or (name.startswith("base64") and needle in joined):
                found.append(Hit(path, layer + name))
    return sorted(set(found), key=lambda hit: hit.disguise)


def _disguises(sentence: str) -> Iterator[tuple[str, bytes]]:
    middle = len(sentence) // 2
    if middle < _HALF_CHARS_MIN:
        raise ValueError(f"a canary needs at least {2 * _HALF_CHARS_MIN} characters")
    for half in (sentence[:middle], sentence[middle:]):
        plain = half.encode()
        yield "utf-8", plain
        yield "utf-16", half.encode("utf-16-le")
        yield "utf-16", half.encode("utf-16-be")
        yield "json", json.dumps(half)[1:-1].encode()
        yield "hex", plain.hex().encode()
        yield "hex", plain.hex().upper().encode()
        yield "percent", quote(half).encode()
        yield "percent", quote(half).replace("%20", "+").encode()
        for offset in range(3):
            for encode in (base64.b64encode, base64.urlsafe_b64encode):
                yield f"base64+{offset}", _settled_base64(plain, offset, encode)


def _settled_base64(plain: bytes, offset: int, encode: Callable[[bytes], bytes]) -> bytes:
    """The characters that these bytes alone decide, `offset` bytes into a group of three."""
    encoded = encode(b"\0" * offset + plain)
    first = (offset * 8 + 5) // 6
    last = (offset + len(plain)) * 8 // 6
    return encoded[first:last]


def _inflated(data: bytes) -> Iterator[tuple[str, bytes]]:
    view = memoryview(data)  # a sealed file has a mark every few kilobytes, by chance
    for start in _places(data, _GZIP_START):
        yield from _inflate("gzip", view[start:], wbits=31)
    for mark in _ZLIB_STARTS:
        for start in _places(data, mark):
            yield from _inflate("zlib", view[start:], wbits=15)


def _inflate(kind: str, data: memoryview, *, wbits: int) -> Iterator[tuple[str, bytes]]:
    try:
        inflated = zlib.decompressobj(wbits=wbits).decompress(data, _INFLATED_BYTES_MAX)
    except zlib.error:
        return
    if inflated:
        yield kind, inflated


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)
