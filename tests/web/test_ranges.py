"""Part of a file: what a Range header asks for, and what is sent."""

from collections.abc import AsyncIterator

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory

from bluegpt.vault.errors import CannotOpen
from bluegpt.web.ranges import BeyondTheEnd, Stretch, answer, asked

FILE = bytes(range(100))


@pytest.mark.parametrize(
    ("header", "stretch"),
    [
        ("bytes=0-0", Stretch(0, 1)),
        ("bytes=10-19", Stretch(10, 20)),
        ("bytes=90-", Stretch(90, 100)),
        ("bytes=90-1000", Stretch(90, 100)),
        ("bytes = 5 - 6", Stretch(5, 7)),
        ("bytes=-1", Stretch(99, 100)),
        ("bytes=-1000", Stretch(0, 100)),
        ("", None),
        ("bytes=-", None),
        ("bytes=7-3", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
        ("bytes=one-two", None),
        (f"bytes={'9' * 50}-", None),
    ],
)
def test_what_is_asked_for(header: str, stretch: Stretch | None) -> None:
    assert asked(header, 100) == stretch


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=-0", 9), ("bytes=0-", 0)]
)
def test_nothing_begins_beyond_the_end(header: str, size: int) -> None:
    with pytest.raises(BeyondTheEnd):
        asked(header, size)


async def _answered(**headers: str) -> tuple[HttpResponseBase, bytes]:
    async def read(start: int, stop: int) -> AsyncIterator[bytes]:
        for at in range(start, stop, 7):
            yield FILE[at : min(at + 7, stop)]

    response = await answer(
        RequestFactory().get("/file", headers=headers),
        read,
        size_bytes=len(FILE),
        etag='"one"',
        content_type="video/mp4",
    )
    if not response.streaming:
        return response, b""
    return response, b"".join([chunk async for chunk in response])  # type: ignore[attr-defined]


async def test_without_a_range_all_is_sent_and_ranges_are_offered() -> None:
    response, body = await _answered()

    assert (response.status_code, body) == (200, FILE)
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == "100"
    assert "Content-Range" not in response


async def test_a_stretch_says_where_it_lies() -> None:
    response, body = await _answered(Range="bytes=10-39")

    assert (response.status_code, body) == (206, FILE[10:40])
    assert response["Content-Range"] == "bytes 10-39/100"
    assert response["Content-Length"] == "30"


async def test_beyond_the_end_the_size_is_told() -> None:
    response, _body = await _answered(Range="bytes=100-")

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */100"


async def test_who_has_the_beginning_of_another_file_gets_all_of_this_one() -> None:
    same, _body = await _answered(Range="bytes=50-", **{"If-Range": '"one"'})
    other, body = await _answered(Range="bytes=50-", **{"If-Range": '"two"'})

    assert same.status_code == 206
    assert (other.status_code, body) == (200, FILE)


async def test_a_file_that_cannot_be_opened_is_no_file_that_breaks_off() -> None:
    async def read(start: int, stop: int) -> AsyncIterator[bytes]:
        if stop > start:
            raise CannotOpen
        yield b""

    request = RequestFactory().get("/file")
    with pytest.raises(CannotOpen):
        await answer(request, read, size_bytes=9, etag='"one"', content_type="video/mp4")
