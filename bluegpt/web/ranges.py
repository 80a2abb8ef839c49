"""Files that a reader may ask for in part: RFC 9110, section 14, one stretch of bytes at a time."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

_ASKED = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

Reader = Callable[[int, int], AsyncIterator[bytes]]  # from this byte to before that one


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes from `start` to before `stop`."""

    start: int
    stop: int


class BeyondTheEnd(ValueError):
    """The stretch begins where the file has ended."""


def asked(header: str, size_bytes: int) -> Stretch | None:
    """The stretch that a Range header asks for; None when all is to be sent.

    Several stretches, and what nobody can read, are answered with all of it, as the RFC allows.
    Raises BeyondTheEnd.
    """
    found = _ASKED.fullmatch(header.replace(" ", ""))
    if found is None or found.group() == "bytes=-":
        return None
    first, last = found.groups()
    if not first:  # the last so many
        if int(last) == 0 or size_bytes == 0:
            raise BeyondTheEnd
        return Stretch(max(0, size_bytes - int(last)), size_bytes)
    start, stop = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
    if start >= size_bytes:
        raise BeyondTheEnd
    return Stretch(start, stop) if start < stop else None


async def answer(
    request: HttpRequest, read: Reader, *, size_bytes: int, etag: str, content_type: str
) -> HttpResponseBase:
    """The file, or the stretch of it that was asked for, sent as it is read.

    The first bytes are read before the answer begins, so that what `read` raises is an answer of
    its own and not a file that breaks off.
    """
    try:
        is_same = request.headers.get("If-Range", etag) == etag
        stretch = asked(request.headers.get("Range", ""), size_bytes) if is_same else None
    except BeyondTheEnd:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size_bytes}"
        return response
    part = stretch or Stretch(0, size_bytes)
    chunks = read(part.start, part.stop)
    first = await anext(chunks, b"")
    response = StreamingHttpResponse(_all(first, chunks), content_type=content_type)
    if stretch is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size_bytes}"
    response["Content-Length"] = str(part.stop - part.start)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    return response


async def _all(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in others:
        yield chunk
