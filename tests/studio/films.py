"""Small films for tests: real MP4s, made once."""

from collections.abc import AsyncIterator
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
from PIL import Image


def film(
    *, frames: int = 12, size: tuple[int, int] = (64, 48), has_sound: bool = True, **more: Any
) -> bytes:
    """An MP4 of 12 frames a second, its colour changing, with silence as its sound."""
    out = BytesIO()
    with av.open(out, "w", format="mp4", options=more.pop("options", {})) as file:
        picture = file.add_stream(more.pop("codec", "libx264"), rate=12)
        assert isinstance(picture, av.VideoStream)
        picture.width, picture.height = size
        picture.pix_fmt = "yuv420p"
        sound = file.add_stream("aac", rate=8_000) if has_sound else None
        for number in range(frames):
            image = Image.new("RGB", size, (200, 20 * (number % 12), 40))
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            frame.pts, frame.time_base = number, Fraction(1, 12)
            file.mux(picture.encode(frame))
        file.mux(picture.encode())
        if isinstance(sound, av.AudioStream):
            quiet = av.AudioFrame("fltp", "mono", 8_000 * frames // 12)
            for plane in quiet.planes:
                plane.update(bytes(plane.buffer_size))
            quiet.rate = 8_000
            file.mux(sound.encode(quiet))
            file.mux(sound.encode())
    return out.getvalue()


FILM = film()


async def in_chunks(data: bytes, size_bytes: int) -> AsyncIterator[bytes]:
    """The bytes as they might come."""
    for at in range(0, len(data), size_bytes):
        yield data[at : at + size_bytes]
