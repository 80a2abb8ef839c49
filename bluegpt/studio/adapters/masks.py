"""Masks drawn by people: checked against the picture that they belong to."""

from io import BytesIO

from PIL import ExifTags, Image

from bluegpt.studio.adapters.decoding import PIXELS_MAX, NotAPicture, opened

# From this value on, EXIF's orientation turns a picture by a quarter.
_ON_ITS_SIDE = 5


class UnreadableMask(Exception):
    """No PNG, broken, of another size than its picture, or without a transparent pixel."""


def read_mask(data: bytes, *, size: tuple[int, int], fitted: tuple[int, int]) -> bytes:
    """The mask made anew for its picture as a provider is given it, `fitted` from `size`.

    Transparent where the picture is to change, black elsewhere. Raises UnreadableMask.
    """
    try:
        with opened(data, formats=("PNG",), pixels_max=PIXELS_MAX) as picture:
            if picture.size != size:
                raise UnreadableMask
            return _remade(picture, fitted)
    except NotAPicture as wrong:
        raise UnreadableMask from wrong


def sides_of(picture: bytes) -> tuple[int, int]:
    """Width and height at which a picture that was read before is shown."""
    with Image.open(BytesIO(picture)) as read:
        is_on_its_side = read.getexif().get(ExifTags.Base.Orientation, 1) >= _ON_ITS_SIDE
        return (read.height, read.width) if is_on_its_side else read.size


def _remade(picture: Image.Image, fitted: tuple[int, int]) -> bytes:
    if not picture.has_transparency_data:
        raise UnreadableMask
    # Half a pixel's worth of brush is no brush: the edge falls on one side or the other.
    alpha = picture.convert("RGBA").getchannel("A").point(lambda value: 255 if value > 127 else 0)
    if alpha.getextrema()[0] != 0:
        raise UnreadableMask
    mask = Image.new("RGBA", fitted, (0, 0, 0, 255))
    mask.putalpha(alpha.resize(fitted, Image.Resampling.NEAREST))
    out = BytesIO()
    mask.save(out, "PNG")
    return out.getvalue()
