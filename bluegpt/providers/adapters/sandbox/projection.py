"""Real films: a sun that crosses hills, H.264 and AAC in an MP4 that plays while it loads."""

import array
import hashlib
import math
from fractions import Fraction
from functools import lru_cache
from io import BytesIO

import av
from PIL import Image, ImageDraw, ImageFont, ImageOps

LABEL = "BlueGPT sandbox: filmed by a program"
FRAMES_PER_S = 12
# Of skies, in degrees; few, so that films may be kept and shown again.
_HUES = (205, 18, 265, 335, 190, 35)
_KEPT = 24
_CODECS = {"preset": "ultrafast", "crf": "32"}
# Where the index of the file goes: it is written last and stands first, as for streaming.
_INDEX_BYTES = 65_536
_SAMPLE_RATE = 44_100
_SOUND_BITS_PER_S = 48_000
_SCALE = 2  # frames are drawn small and made larger, since nobody looks for detail in them


def hue_of(prompt: str) -> int:
    """The colour of a film, in degrees; the same for the same words."""
    return _HUES[hashlib.sha256(prompt.encode()).digest()[0] % len(_HUES)]


@lru_cache(maxsize=_KEPT)
def filmed(hue: int, size: tuple[int, int], seconds: int, has_sound: bool) -> bytes:
    """A film of that size in pixels, made once and shown again."""
    return filmed_from(_hills(hue, _small(size)), size, seconds, has_sound)


def backdrop_from(picture: bytes, size: tuple[int, int]) -> Image.Image:
    """What a film shows that begins with a picture."""
    with Image.open(BytesIO(picture)) as given:
        return ImageOps.fit(given.convert("RGB"), _small(size))


def filmed_from(
    backdrop: Image.Image, size: tuple[int, int], seconds: int, has_sound: bool
) -> bytes:
    """A film of a sun above that backdrop."""
    out = BytesIO()
    with av.open(out, "w", format="mp4", options={"moov_size": str(_INDEX_BYTES)}) as file:
        film = file.add_stream("libx264", rate=FRAMES_PER_S, options=_CODECS)
        film.width, film.height, film.pix_fmt = *size, "yuv420p"
        film.thread_count = 1
        sound = file.add_stream("aac", rate=_SAMPLE_RATE, layout="mono") if has_sound else None
        for number in range(seconds * FRAMES_PER_S):
            file.mux(film.encode(_frame(backdrop, number, seconds * FRAMES_PER_S, size)))
        file.mux(film.encode())
        if sound is not None:
            sound.bit_rate = _SOUND_BITS_PER_S
            for first in range(0, seconds * _SAMPLE_RATE, 1_024):
                file.mux(sound.encode(_tone(first, min(1_024, seconds * _SAMPLE_RATE - first))))
            file.mux(sound.encode())
    return out.getvalue()


def _small(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] // _SCALE, size[1] // _SCALE


def _hills(hue: int, size: tuple[int, int]) -> Image.Image:
    width, height = size
    backdrop = Image.new("RGB", size)
    draw = ImageDraw.Draw(backdrop)
    for y in range(height):
        draw.line(((0, y), (width, y)), fill=f"hsl({hue},60%,{40 + 45 * y // height}%)")
    for place in range(3):
        level, reach = height * (50 + 14 * place) // 100, height / 20
        outline = [
            (x, level + reach * math.sin(40 * x / width / (1 + place))) for x in range(width + 1)
        ]
        colour = f"hsl({(hue + 150) % 360},35%,{58 - 14 * place}%)"
        draw.polygon([(0, height), *outline, (width, height)], fill=colour)
    font = ImageFont.load_default(size=max(8, height // 18))
    draw.text((width // 2, height - height // 14), LABEL, font=font, fill="white", anchor="mm")
    return backdrop


def _frame(backdrop: Image.Image, number: int, count: int, size: tuple[int, int]) -> av.VideoFrame:
    """The sun goes from left to right, up and down again, in the time that the film has."""
    picture = backdrop.copy()
    part = number / count
    width, height = backdrop.size
    x, y, r = width * part, height * (0.4 - 0.25 * math.sin(math.pi * part)), height // 10
    ImageDraw.Draw(picture).ellipse((x - r, y - r, x + r, y + r), fill="#fff2b8")
    drawn: av.VideoFrame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
    frame = drawn.reformat(width=size[0], height=size[1], format="yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_S)
    return frame


def _tone(first: int, count: int) -> av.AudioFrame:
    """A soft A, from sample `first` on."""
    turn = 2 * math.pi * 440 / _SAMPLE_RATE
    wave = array.array("f", (0.2 * math.sin(turn * (first + at)) for at in range(count)))
    frame = av.AudioFrame(format="fltp", layout="mono", samples=count)
    plane = frame.planes[0]
    plane.update(wave.tobytes().ljust(plane.buffer_size, b"\0"))
    frame.sample_rate, frame.pts = _SAMPLE_RATE, first
    return frame
