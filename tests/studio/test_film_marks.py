"""The mark that says a model made a film: found, or put at its end while it passes by."""

import hashlib
import struct
from io import BytesIO

import av
import pytest

from bluegpt.studio.rules.film_marks import C2PA_UUID, XMP_UUID, marked_film
from bluegpt.studio.rules.provenance import SOURCE_TYPE
from tests.studio.films import FILM, film, in_chunks
from tests.studio.independent import exiftool, ffprobe


async def passed(data: bytes, *, size_bytes: int = 1_000) -> bytes:
    return b"".join([chunk async for chunk in marked_film(in_chunks(data, size_bytes))])


def box(kind: bytes, body: bytes, *, is_long: bool = False) -> bytes:
    if is_long:
        return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body
    return struct.pack(">I4s", 8 + len(body), kind) + body


@pytest.mark.parametrize("size_bytes", [1, 7, 1_000, 10_000_000])
async def test_a_film_leaves_with_a_mark_after_its_last_byte(size_bytes: int) -> None:
    made = await passed(FILM, size_bytes=size_bytes)

    assert made.startswith(FILM)
    size, kind, uuid = struct.unpack_from(">I4s16s", made, len(FILM))
    assert (size, kind, uuid) == (len(made) - len(FILM), b"uuid", XMP_UUID)
    assert made.count(SOURCE_TYPE.encode()) == 1


async def test_a_marked_film_plays_as_before() -> None:
    def frames(data: bytes) -> list[str]:
        with av.open(BytesIO(data), "r") as opened:
            return [
                hashlib.sha256(bytes(frame.planes[0])).hexdigest()
                for frame in opened.decode(video=0)
            ]

    made = await passed(FILM)

    assert frames(made) == frames(FILM)
    assert len(frames(made)) == 12


MARKED = [
    pytest.param(FILM + box(b"uuid", C2PA_UUID + b"manifest"), id="c2pa"),
    pytest.param(FILM + box(b"uuid", C2PA_UUID + b"manifest", is_long=True), id="c2pa, long"),
    pytest.param(
        FILM + box(b"uuid", XMP_UUID + b"<x>compositeWithTrainedAlgorithmicMedia</x>"), id="xmp"
    ),
    pytest.param(FILM + box(b"moov", box(b"udta", SOURCE_TYPE.encode())), id="in another box"),
]


@pytest.mark.parametrize("size_bytes", [1, 13, 100_000])
@pytest.mark.parametrize("data", MARKED)
async def test_a_film_that_says_it_already_is_passed_on_unchanged(
    data: bytes, size_bytes: int
) -> None:
    assert await passed(data, size_bytes=size_bytes) == data


async def test_what_pictures_and_sounds_happen_to_spell_is_no_mark() -> None:
    data = FILM + box(b"mdat", SOURCE_TYPE.encode(), is_long=True)

    made = await passed(data)

    assert len(made) > len(data)


async def test_a_fragmented_film_is_marked_too() -> None:
    data = film(options={"movflags": "frag_keyframe+empty_moov"})

    assert XMP_UUID in await passed(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0",
        b"\x1a\x45\xdf\xa3" + bytes(100),
        FILM[:-1],
        FILM + b"\0\0",
        FILM + struct.pack(">I4s", 0, b"mdat") + b"to the end",
        FILM + struct.pack(">I4s", 7, b"free"),
        FILM + box(b"ftyp", b"isom"),
    ],
    ids=["empty", "short", "other", "cut", "more", "endless", "too small", "two beginnings"],
)
async def test_what_does_not_fit_together_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="film"):
        await passed(data)


async def test_exiftool_reads_the_mark_and_ffprobe_the_film() -> None:
    made = await passed(FILM)

    assert exiftool(made, "film.mp4")["XMP-iptcExt:DigitalSourceType"] == SOURCE_TYPE
    picture, sound = ffprobe(made, "film.mp4")["streams"]
    assert (picture["codec_type"], picture["nb_read_frames"]) == ("video", "12")
    assert sound["codec_type"] == "audio"
