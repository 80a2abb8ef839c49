"""Pictures opened within bounds: known by their content, and never decoded beyond a size."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, UnidentifiedImageError

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
                if picture.width * picture.height > pixels_max:
                    raise NotAPicture("more pixels than any picture has")
                yield picture
    except _FAULTS as wrong:
        raise NotAPicture(f"not a whole picture ({type(wrong).__name__})") from None
