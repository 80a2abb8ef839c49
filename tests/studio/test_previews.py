"""What is seen of pictures and films, within bounds, whatever their bytes are."""

import asyncio
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image, ImageCms

from bluegpt.studio.adapters import film_process, film_reader, previews
from bluegpt.studio.adapters.decoding import NotAPicture
from bluegpt.studio.adapters.previews import FilmFacts, UnreadableFilm, film_facts, thumbnail
from tests.studio.films import FILM, film

FAST_START = {"movflags": "faststart"}


async def facts_of(data: bytes) -> FilmFacts:
    async def read(start: int, stop: int) -> AsyncIterator[bytes]:
        for at in range(start, stop, 1_000):
            yield data[at : min(at + 1_000, stop)]

    return await film_facts(read, size_bytes=len(data))


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


async def test_a_film_is_measured_and_shown() -> None:
    facts = await facts_of(FILM)

    assert (facts.width_px, facts.height_px) == (64, 48)
    assert (facts.duration_ms, facts.has_sound) == (1_000, True)
    poster, small = opened(facts.poster), opened(facts.thumbnail)
    assert (poster.format, poster.size, small.format) == ("JPEG", (64, 48), "WEBP")
    red, green, blue = poster.getpixel((30, 20))  # type: ignore[misc]
    assert abs(red - 200) < 12
    assert green < 16
    assert abs(blue - 40) < 12


async def test_a_silent_film_is_silent_and_a_fragmented_one_is_read() -> None:
    pieces = {"movflags": "frag_keyframe+empty_moov"}

    facts = await facts_of(film(has_sound=False, options=pieces))

    assert (facts.has_sound, facts.duration_ms) == (False, 1_000)


async def test_a_film_is_read_in_blocks_and_never_whole() -> None:
    padding = (8 + 3_000_000).to_bytes(4, "big") + b"free" + bytes(3_000_000)
    data, asked = FILM + padding, []

    async def read(start: int, stop: int) -> AsyncIterator[bytes]:
        asked.append(stop - start)
        yield data[start:stop]

    await film_facts(read, size_bytes=len(data))

    assert max(asked) <= 1 << 20
    assert "av" not in vars(previews)


def broken() -> list[Any]:
    chance = random.Random(7)  # noqa: S311
    body = bytearray(FILM)
    start = FILM.index(b"mdat") + 4
    for at in range(start, min(start + 600, len(body))):
        body[at] = chance.randrange(256)
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    head = bytearray(FILM)
    at = FILM.index(b"avc1") + 28
    head[at : at + 4] = b"\xff\xff\xff\xff"
    return [
        pytest.param(b"", id="empty"),
        pytest.param(b"ftyp", id="too short"),
        pytest.param(chance.randbytes(5_000), id="noise"),
        pytest.param(FILM[:12] + chance.randbytes(5_000), id="noise after the first words"),
        pytest.param(FILM[: len(FILM) // 2], id="cut"),
        pytest.param(bytes(body), id="scrambled"),
        pytest.param(playlist, id="playlist"),
        pytest.param(FILM[:12] + playlist, id="playlist in disguise"),
        pytest.param(film(codec="mpeg2video", frames=2), id="another codec"),
    ]


@pytest.mark.parametrize("data", broken())
async def test_what_is_no_whole_film_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFilm):
        await facts_of(data)


async def test_a_film_that_was_cut_at_its_end_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mp4"
    with av.open(BytesIO(FILM), "r") as given, av.open(whole, "w", options=FAST_START) as file:
        ways = {each.index: file.add_stream_from_template(each) for each in given.streams}
        for packet in given.demux():
            if packet.dts is not None:
                packet.stream = ways[packet.stream.index]
                file.mux(packet)
    data = whole.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")

    assert (await facts_of(data)).has_sound
    with pytest.raises(UnreadableFilm):
        await facts_of(data[:-300])


async def test_any_damage_ends_in_facts_or_in_a_refusal_and_soon() -> None:
    chance = random.Random(11)  # noqa: S311
    started = time.perf_counter()

    async def damaged() -> None:
        body = bytearray(FILM)
        for _each in range(chance.randrange(1, 40)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        with suppress(UnreadableFilm):
            await facts_of(bytes(body[: chance.randrange(len(body) // 2, len(body) + 1)]))

    await asyncio.gather(*(damaged() for _each in range(8)))

    assert time.perf_counter() - started < 60


async def test_a_film_of_too_many_pixels_is_refused_before_a_frame_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(film_reader, "PIXELS_MAX", 64 * 48 - 1)
    blocks = film_reader.Blocks(len(FILM), ask=BytesIO(), answer=BytesIO(FILM))

    with pytest.raises(film_reader.NoFilm, match="more pixels"):
        film_reader.look(blocks)


async def test_a_reader_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "hangs.py"
    script.write_text("while True: pass")
    monkeypatch.setattr(film_process, "_SCRIPT", script)
    monkeypatch.setattr(previews, "_LOOK_S_MAX", 0.3)

    with pytest.raises(UnreadableFilm, match="longer"):
        await facts_of(FILM)


@pytest.mark.parametrize(
    "act",
    [
        "open('/etc/passwd')",
        "import socket; socket.socket()",
        "bytearray(3_000_000_000)",
        "import os; os.environ['PATH']",
    ],
    ids=["a file", "a connection", "memory", "the environment"],
)
@pytest.mark.skipif(sys.platform != "linux", reason="these limits are Linux's")
async def test_the_process_that_decodes_can_reach_nothing(
    act: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "tries.py"
    folder = film_reader.__file__.rpartition("/")[0]
    say = "film_reader.tell(sys.stdout.buffer, b'E')"
    script.write_text(
        f"import sys, socket; sys.path.insert(0, {folder!r}); import film_reader\n"
        f"film_reader.confine(60)\n"
        f"try:\n    {act}\nexcept (OSError, MemoryError, KeyError):\n    sys.exit(7)\n{say}\n"
    )
    monkeypatch.setattr(film_process, "_SCRIPT", script)

    with pytest.raises(UnreadableFilm, match="exit 7"):
        await facts_of(FILM)


async def test_what_the_store_raises_is_raised() -> None:
    async def read(start: int, stop: int) -> AsyncIterator[bytes]:
        yield FILM[start : start + 4]
        raise LookupError("gone")

    with pytest.raises(LookupError):
        await film_facts(read, size_bytes=len(FILM))


def saved(picture: Image.Image, format: str = "PNG", **more: Any) -> bytes:
    out = BytesIO()
    picture.save(out, format, **more)
    return out.getvalue()


def test_a_thumbnail_is_small_upright_and_says_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "taken at home"
    wide = Image.new("RGB", (1_200, 600), "teal")

    small = opened(thumbnail(saved(wide, "JPEG", exif=exif)))

    assert (small.format, small.size) == ("WEBP", (256, 512))
    assert not small.getexif()
    assert not {"exif", "xmp", "icc_profile"} & set(small.info)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_picture_has_a_thumbnail(mode: str) -> None:
    format = "JPEG" if mode == "CMYK" else "PNG"

    small = opened(thumbnail(saved(Image.new(mode, (30, 20)), format)))

    assert small.size == (30, 20)
    assert small.has_transparency_data is (mode in {"LA", "RGBA"})


def test_colours_are_those_of_the_profile() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.new("RGB", (40, 40), (120, 30, 200))

    with_profile = opened(thumbnail(saved(picture, icc_profile=lab))).convert("RGB")
    with_nonsense = opened(thumbnail(saved(picture, icc_profile=b"nonsense"))).convert("RGB")

    for small in (with_profile, with_nonsense):
        found = small.getpixel((20, 20))
        assert isinstance(found, tuple)
        assert all(abs(a - b) < 8 for a, b in zip(found, (120, 30, 200), strict=True))


def test_only_the_first_frame_of_a_moving_picture_is_shown() -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "lime", "blue")]
    moving = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)

    small = opened(thumbnail(moving))

    assert getattr(small, "n_frames", 1) == 1
    found = small.convert("RGB").getpixel((8, 8))
    assert isinstance(found, tuple)
    assert found[0] > 200


def test_a_bomb_is_not_decoded() -> None:
    header = bytearray(saved(Image.new("RGB", (8, 8))))
    header[16:24] = (8_000).to_bytes(4, "big") * 2

    with pytest.raises(NotAPicture):
        thumbnail(bytes(header))


def test_any_damage_to_a_picture_is_a_thumbnail_or_a_refusal() -> None:
    chance = random.Random(3)  # noqa: S311
    noise = Image.frombytes("RGB", (32, 32), chance.randbytes(32 * 32 * 3))
    ends: set[str] = set()

    for format in ("PNG", "JPEG", "WEBP"):
        whole = saved(noise, format)
        for _each in range(60):
            body = bytearray(whole)
            for _other in range(chance.randrange(1, 9)):
                body[chance.randrange(12, len(body))] = chance.randrange(256)
            try:
                small = opened(thumbnail(bytes(body[: chance.randrange(20, len(body) + 1)])))
            except NotAPicture:
                ends.add("refused")
                continue
            assert max(small.size) <= 512
            ends.add(str(small.format))

    assert ends == {"refused", "WEBP"}
