"""What a gallery shows of a picture or a film: its sides, a thumbnail, a first frame.

A film is looked at by another process (`film_reader`), which opens no file and no connection: it
asks for stretches of the film over a pipe. So nothing of it lies on a disk unsealed, it is never
whole in memory, and bytes made to hang or to overrun a decoder end that process and nothing else.
"""

import asyncio
import json
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from bluegpt.studio.adapters.decoding import NotAPicture, opened

Reader = Callable[[int, int], AsyncIterator[bytes]]  # from this byte to before that one

THUMBNAIL_SIDE_PX_MAX = 512
PIXELS_MAX = 50_000_000
# Until a film was looked at, reading it from the store included.
_LOOK_S_MAX = 300
_POSTER_BYTES_MAX = 20_000_000
_FORMATS = ("PNG", "JPEG", "WEBP")
_SCRIPT = Path(__file__).with_name("film_reader.py")
_WORD = struct.Struct(">cQQ")


class UnreadableFilm(Exception):
    """Not a whole film, or beyond the bounds; its words say why and hold nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFacts:
    """What was seen of a film. The sides are those that a player shows, turned as it says.

    `poster` is its first frame, a JPEG of full size; `thumbnail` that one as `thumbnail` makes it.
    """

    width_px: int
    height_px: int
    duration_ms: int
    has_sound: bool
    poster: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)


def thumbnail(data: bytes) -> bytes:
    """A WebP of at most 512 px on the longer side, upright, in sRGB, without metadata.

    Takes PNG, JPEG and WebP; of a moving picture its first frame. Raises NotAPicture.
    """
    with opened(data, formats=_FORMATS, pixels_max=PIXELS_MAX) as picture:
        sides = (THUMBNAIL_SIDE_PX_MAX, THUMBNAIL_SIDE_PX_MAX)
        picture.thumbnail(sides, Image.Resampling.LANCZOS)
        small = in_srgb(ImageOps.exif_transpose(picture))
        out = BytesIO()
        small.save(out, "WEBP", quality=80, method=4, exif=b"", xmp=b"", icc_profile=b"")
        return out.getvalue()


def in_srgb(picture: Image.Image) -> Image.Image:
    """The picture as RGB, or as RGBA where it has something to see through, in sRGB's colours."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        # A profile that cannot be read is as good as none.
        with suppress(ImageCms.PyCMSError, OSError):
            colours = ImageCms.ImageCmsProfile(BytesIO(profile))
            goal = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(picture, colours, goal, outputMode=mode)
            if turned is not None:
                return turned
    return picture.convert(mode)


async def film_facts(read: Reader, *, size_bytes: int) -> FilmFacts:
    """What an MP4 is, once every packet of it was read and its frames were decoded.

    Raises UnreadableFilm, and whatever `read` raises.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_SCRIPT),
        str(size_bytes),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},  # no key and no password is known where strangers' bytes are decoded
    )
    try:
        async with asyncio.timeout(_LOOK_S_MAX):
            said, poster = await _answered(process, read, size_bytes)
            small = await asyncio.to_thread(thumbnail, poster)
    except TimeoutError:
        raise UnreadableFilm("took longer than any film") from None
    except (asyncio.IncompleteReadError, ConnectionError):
        raise UnreadableFilm(f"no film (exit {await _ended(process)})") from None
    except NotAPicture as wrong:
        raise UnreadableFilm(f"first frame: {wrong}") from None
    finally:
        await _ended(process)
    return FilmFacts(
        width_px=said["width_px"],
        height_px=said["height_px"],
        duration_ms=said["duration_ms"],
        has_sound=bool(said["has_sound"]),
        poster=poster,
        thumbnail=small,
    )


async def _answered(
    process: asyncio.subprocess.Process, read: Reader, size_bytes: int
) -> tuple[dict[str, int], bytes]:
    """Give what is asked for, until it says what it saw."""
    assert process.stdin is not None
    assert process.stdout is not None
    while True:
        kind, first, second = _WORD.unpack(await process.stdout.readexactly(_WORD.size))
        if kind != b"R":
            break
        if not first < second <= size_bytes:
            raise UnreadableFilm("asked for what is not there")
        async with aclosing(read(first, second)) as chunks:  # type: ignore[type-var]
            async for chunk in chunks:
                process.stdin.write(chunk)
                await process.stdin.drain()
    if kind != b"D" or first > 1_000 or second > _POSTER_BYTES_MAX:
        raise UnreadableFilm("said what nobody expects")
    said: dict[str, int] = json.loads(await process.stdout.readexactly(first))
    return said, await process.stdout.readexactly(second)


async def _ended(process: asyncio.subprocess.Process) -> int:
    """Make sure that it is gone; how it ended."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    return await process.wait()
