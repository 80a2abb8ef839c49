"""JSON with a film in it, read in pieces of any size."""

import os
from base64 import b64encode

import orjson
import pytest

from bluegpt.providers.adapters import long_strings
from bluegpt.providers.adapters.long_strings import Base64Pieces, LongStrings
from bluegpt.providers.errors import MalformedReply

FILM = os.urandom(9_001)
BODY = {
    "data": "short",
    "note": 'a "quoted" \\ word \u00e9',
    "other": "x" * 5_000,
    "steps": [{"content": [{"data": b64encode(FILM).decode(), "mime_type": "video/mp4"}]}],
    "done": True,
}
SHORT = {**BODY, "other": "", "steps": [{"content": [{"data": "", "mime_type": "video/mp4"}]}]}


def read(text: bytes, size: int) -> tuple[bytes, object]:
    strings, pieces = LongStrings("data"), Base64Pieces()
    film = b"".join(
        pieces.feed(strings.feed(text[at : at + size])) for at in range(0, len(text), size)
    )
    return film + pieces.last(), strings.parsed()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4_097, 10**6])
def test_the_film_comes_out_and_the_rest_can_be_parsed(size: int) -> None:
    assert read(orjson.dumps(BODY), size) == (FILM, SHORT)


@pytest.mark.parametrize("size", [1, 5, 4_100, 10**6])
def test_escapes_inside_the_film_are_understood(size: int) -> None:
    text = orjson.dumps(BODY).replace(b"/", b"\\/").replace(b"=", b"\\u003d")
    spaced = text.replace(b'"data":', b'"data" : ').replace(b'"data" : ', b'"data": ')

    assert read(spaced, size)[0] == FILM


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_strings, "SHORT_BYTES_MAX", 1_000)
    strings = LongStrings("data")

    with pytest.raises(MalformedReply):
        strings.feed(b'{"a": [' + b"1," * 1_000)


def test_half_a_reply_and_bad_base64_are_malformed() -> None:
    with pytest.raises(MalformedReply):
        read(orjson.dumps(BODY)[:-40], 100)
    with pytest.raises(MalformedReply):
        read(orjson.dumps({"data": "?" * 9_000}), 100)
