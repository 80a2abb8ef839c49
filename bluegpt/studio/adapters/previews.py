"""What a gallery shows of a picture or a film: its sides, a thumbnail, a first frame."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass, field
from io import BytesIO

from bluegpt.studio.adapters import film_process
from bluegpt.studio.adapters.decoding import PIXELS_MAX, NotAPicture, fitted, opened
from bluegpt.studio.adapters.film_process import Reader, UnreadableFilm

__all__ = ["FilmFacts", "UnreadableFilm", "film_facts", "thumbnail"]

THUMBNAIL_SIDE_PX_MAX = 512
# Until a film was looked at, reading it from the store included.
_LOOK_S_MAX = 300
_FORMATS = ("PNG", "JPEG", "WEBP")


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
        out = BytesIO()
        fitted(picture, THUMBNAIL_SIDE_PX_MAX).save(out, "WEBP", quality=80, method=4)
        return out.getvalue()


async def film_facts(read: Reader, *, size_bytes: int) -> FilmFacts:
    """What an MP4 is, once every packet of it was read and its frames were decoded.

    Raises UnreadableFilm, and whatever `read` raises.
    """
    words = film_process.said(read, size_bytes=size_bytes, act="look")
    try:
        async with asyncio.timeout(_LOOK_S_MAX), aclosing(words):
            heard = {kind: data async for kind, data in words}
            facts, poster = json.loads(heard[b"D"]), heard[b"P"]
            small = await asyncio.to_thread(thumbnail, poster)
    except TimeoutError:
        raise UnreadableFilm("took longer than any film") from None
    except NotAPicture as wrong:
        raise UnreadableFilm(f"first frame: {wrong}") from None
    return FilmFacts(
        width_px=facts["width_px"],
        height_px=facts["height_px"],
        duration_ms=facts["duration_ms"],
        has_sound=bool(facts["has_sound"]),
        poster=poster,
        thumbnail=small,
    )
