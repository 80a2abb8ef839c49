"""Small pictures of what is kept, for galleries."""

from io import BytesIO

from PIL import Image

SIDE_PX_MAX = 512


def thumbnail(data: bytes) -> bytes:
    """A WebP of at most SIDE_PX_MAX on the longer side, without metadata.

    For files that were read to their last pixel before; raises what Pillow raises for others.
    """
    with Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
        picture = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
        picture.thumbnail((SIDE_PX_MAX, SIDE_PX_MAX))
        out = BytesIO()
        picture.save(out, "WEBP", quality=80)
    return out.getvalue()
