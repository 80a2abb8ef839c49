"""Pictures from strangers: decoded within bounds, re-made without their metadata."""

from io import BytesIO

from PIL import Image

from bluegpt.providers.types.turns import ImagePart
from bluegpt.studio.adapters.decoding import PIXELS_MAX, NotAPicture, fitted, is_jpeg, opened

# What the models read at full size; a larger picture costs more and shows them nothing new.
SIDE_PX_MAX = 2_048
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


class UnreadablePicture(Exception):
    """Not a picture in a format that we read, broken, or larger than what `decoding` bears."""


def read_picture(data: bytes) -> ImagePart:
    """The picture re-encoded: JPEG stays JPEG, everything else becomes PNG.

    Turned the way its metadata says, in sRGB, stripped of all metadata, fitted into SIDE_PX_MAX.
    The first frame of a moving picture. Raises UnreadablePicture.
    """
    try:
        with opened(data, formats=_FORMATS, pixels_max=PIXELS_MAX) as picture:
            return _remade(picture)
    except NotAPicture as wrong:
        raise UnreadablePicture from wrong


def _remade(opened: Image.Image) -> ImagePart:
    format = "JPEG" if is_jpeg(opened) else "PNG"
    picture = fitted(opened, SIDE_PX_MAX)
    out = BytesIO()
    picture.save(out, format, quality=90)
    return ImagePart(
        media_type=f"image/{format.lower()}",
        data=out.getvalue(),
        width_px=picture.width,
        height_px=picture.height,
    )
