"""Pictures in another format, with or without a visible label, for their owner to take along.

A mark that the picture brings with it in XMP goes along; nothing else of its metadata does.
"""

from io import BytesIO

from PIL import Image

from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.adapters.decoding import PIXELS_MAX, opened, plain
from bluegpt.studio.adapters.labels import labelled
from bluegpt.studio.rules.provenance import marked

_FORMATS = ("PNG", "JPEG", "WEBP")


def converted(
    data: bytes, format: PictureFormat, *, label: str = "", is_made: bool = True
) -> bytes:
    """The picture in a format, upright, in sRGB, with `label` in its lower right corner.

    What a model made is marked as such. JPEG knows no transparency: white shines through there.
    Raises NotAPicture.
    """
    with opened(data, formats=_FORMATS, pixels_max=PIXELS_MAX) as picture:
        brought = picture.info.get("xmp", b"")
        made = plain(picture)
    made = labelled(made, label) if label else made
    out = BytesIO()
    match format:
        case PictureFormat.PNG:
            made.save(out, "PNG")
        case PictureFormat.JPEG:
            _on_white(made).save(out, "JPEG", quality=92, subsampling=0)
        case PictureFormat.WEBP:
            made.save(out, "WEBP", quality=92, method=4)
    file = out.getvalue()
    return marked(file, format, brought=brought) if is_made else file


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    return ground.convert("RGB")
