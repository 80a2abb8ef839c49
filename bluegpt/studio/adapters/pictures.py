"""Pictures from strangers: decoded within bounds, re-made without their metadata."""

from io import BytesIO

from PIL import Image, ImageOps

from bluegpt.providers.types.turns import ImagePart
from bluegpt.studio.adapters.decoding import NotAPicture, opened

# What the models read at full size; a larger picture costs more and shows them nothing new.
SIDE_PX_MAX = 2_048
# Decoded, 50 million pixels are 200 MB: what one upload may cost us in memory.
PIXELS_MAX = 50_000_000
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


class UnreadablePicture(Exception):
    """Not a picture in a format that we read, broken, or larger than PIXELS_MAX."""


def read_picture(data: bytes) -> ImagePart:
    """The picture re-encoded: JPEG stays JPEG, everything else becomes PNG.

    Turned the way its metadata says, then stripped of all metadata, fitted into SIDE_PX_MAX.
    The first frame of a moving picture. Raises UnreadablePicture.
    """
    try:
        with opened(data, formats=_FORMATS, pixels_max=PIXELS_MAX) as picture:
            return _remade(picture)
    except NotAPicture as wrong:
        raise UnreadablePicture from wrong


def _remade(opened: Image.Image) -> ImagePart:
    is_jpeg = opened.format == "JPEG"
    picture = ImageOps.exif_transpose(opened)
    has_alpha = picture.has_transparency_data
    picture = picture.convert("RGB" if is_jpeg or not has_alpha else "RGBA")
    picture.thumbnail((SIDE_PX_MAX, SIDE_PX_MAX))
    out = BytesIO()
    if is_jpeg:
        picture.save(out, "JPEG", quality=90)
    else:
        picture.save(out, "PNG")
    return ImagePart(
        media_type="image/jpeg" if is_jpeg else "image/png",
        data=out.getvalue(),
        width_px=picture.width,
        height_px=picture.height,
    )
