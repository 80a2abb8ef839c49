"""The mark in an MP4 that says a model made it: found, or put at its end while it passes by.

C2PA and XMP lie in boxes `uuid` of their own at the top of the file. Bytes that come are passed on
as they are, so no offset moves and no signature breaks. Sources: ISO/IEC 14496-12, section 4.2;
XMP part 3, "MPEG-4"; C2PA 2.1, "Embedding manifests into BMFF-based assets".
"""

import struct
from collections.abc import AsyncGenerator, AsyncIterator

from bluegpt.studio.rules.provenance import OF_A_MODEL, PACKET

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MARK = struct.pack(">I", 8 + 16 + len(PACKET)) + b"uuid" + XMP_UUID + PACKET

_HEADER_BYTES_MAX = 32  # size, type, long size, uuid
_WORD_BYTES_MAX = max(map(len, OF_A_MODEL))


async def marked_film(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The film with a mark: as it comes when it has one, otherwise with ours after its last byte.

    Raises ValueError for what is no MP4 or breaks off, at the end at the latest.
    """
    boxes = Boxes()
    async for chunk in chunks:
        boxes.feed(chunk)
        yield chunk
    if not boxes.close():
        yield _MARK


class Boxes:
    """The boxes at the top of a film, walked as its bytes pass by; none of them is kept."""

    def __init__(self) -> None:
        self._header = b""  # as much of the next box's as is there
        self._left = 0  # bytes of the present box that are still to come
        self._tail: bytes | None = b""  # of a box that may hold words; None in one that does not
        self._is_first = True
        self._has_mark = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes in. Raises ValueError."""
        while chunk:
            if self._left:
                body, chunk = chunk[: self._left], chunk[self._left :]
                self._left -= len(body)
                self._read(body)
                continue
            wanted = _HEADER_BYTES_MAX - len(self._header)
            self._header, chunk = self._header + chunk[:wanted], chunk[wanted:]
            rest = self._begun()
            if rest is None:  # the file may end before a header is as long as the longest
                continue
            chunk = rest + chunk

    def close(self) -> bool:
        """Whether it has a mark. Raises ValueError for a film that breaks off."""
        if self._is_first or self._header or self._left:
            raise ValueError("a film that breaks off")
        return self._has_mark

    def _begun(self) -> bytes | None:
        """Enter the box whose header is there; the bytes after the header, None when it is not."""
        header = self._header
        if len(header) < 8:
            return None
        size_bytes, kind = struct.unpack_from(">I4s", header)
        at = 8
        if size_bytes == 1:
            if len(header) < 16:
                return None
            size_bytes = struct.unpack_from(">Q", header, 8)[0]
            at = 16
        if kind == b"uuid":
            if len(header) < at + 16:
                return None
            self._has_mark = self._has_mark or header[at : at + 16] == C2PA_UUID
            at += 16
        if size_bytes < at or self._is_first != (kind == b"ftyp"):
            # 0 means "to the end of the file": then nothing could be put behind it.
            raise ValueError("a film whose parts do not fit together")
        self._is_first, self._header = False, b""
        self._left = size_bytes - at
        self._tail = None if kind in {b"mdat", b"free", b"skip"} else b""
        return header[at:]

    def _read(self, body: bytes) -> None:
        if self._tail is None or self._has_mark:
            return
        text = self._tail + body
        self._has_mark = any(word in text for word in OF_A_MODEL)
        self._tail = text[-_WORD_BYTES_MAX:]
