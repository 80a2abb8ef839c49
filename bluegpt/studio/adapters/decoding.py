"""Pictures opened within bounds: known by their content, and never decoded beyond a size."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

PIXELS_MAX = 50_000_000
# What must be decoded as large as it is: 25 million pixels of a WebP take 500 MB. A JPEG is
# decoded no larger than it is needed.
WHOLE_PIXELS_MAX = 25_000_000
_JPEGS = ("JPEG", "MPO")  # what a camera calls a JPEG may hold more pictures behind the first

# What Pillow raises for bytes that are no whole picture.
_FAULTS = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,  # Pillow's word for a broken PNG
    ValueError,
    EOFError,
)


class NotAPicture(Exception):
    """Broken, in another format, or beyond the bounds; its words hold nothing of the picture."""


@contextmanager
def opened(data: bytes, *, formats: Sequence[str], pixels_max: int) -> Iterator[Image.Image]:
    """The picture, measured and not decoded yet; what the block meets while decoding is refused.

    `formats` are Pillow's names. Only the first frame of a moving picture is ever decoded. Raises
    NotAPicture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(formats)) as picture:
                most = pixels_max if is_jpeg(picture) else min(pixels_max, WHOLE_PIXELS_MAX)
                if picture.width * picture.height > most:
                    raise NotAPicture("more pixels than any picture has")
                yield picture
    except _FAULTS as wrong:
        raise NotAPicture(f"not a whole picture ({type(wrong).__name__})") from None


def is_jpeg(picture: Image.Image) -> bool:
    """Whether it is a JPEG, of however many pictures."""
    return picture.format in _JPEGS


def fitted(picture: Image.Image, side_px: int) -> Image.Image:
    """A picture just opened, at most `side_px` on the longer side, as `plain` makes it."""
    if picture.mode in {"1", "P", "PA"}:  # between two entries of a palette lies a third colour
        picture = picture.convert(_mode_of(picture))
    picture.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    return plain(picture)


def plain(picture: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, as RGB or, where one can see through it, RGBA; only pixels."""
    upright = ImageOps.exif_transpose(picture)
    made = _in_srgb(upright)
    made.info = {}  # what was read beside the pixels would be written again
    return made


def _in_srgb(picture: Image.Image) -> Image.Image:
    mode, profile = _mode_of(picture), picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        # A profile that cannot be read is as good as none.
        with suppress(ImageCms.PyCMSError, OSError):
            colours = ImageCms.ImageCmsProfile(BytesIO(profile))
            goal = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(picture, colours, goal, outputMode=mode)
            if turned is not None:
                return turned
    if picture.mode.startswith("I"):  # 16 bits; converted as they are, all of them would be white
        picture = picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    return picture.convert(mode)


def _mode_of(picture: Image.Image) -> str:
    return "RGBA" if picture.has_transparency_data else "RGB"
