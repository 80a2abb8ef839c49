"""Looking at the outside of what was attached: type, size, pages. Nothing is kept."""

import base64
import binascii
import io
import re

from PIL import Image

from bluegpt.providers.adapters.sandbox.ask import Attachment
from bluegpt.providers.adapters.sandbox.fields import Fields

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?;base64,")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_IMAGE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_IMAGE_TYPES = frozenset(f"image/{name.lower()}" for name in _IMAGE_FORMATS)
PDF = "application/pdf"
LINK = Attachment(media_type="")


def from_url(url: str, fields: Fields, name: str) -> Attachment:
    """What a `data:` URL carries; any other address stays a link that nobody follows."""
    head = _DATA_URL.match(url)
    if head is None:
        if not url.startswith(("https://", "http://")):
            raise fields.refuse(name, "expected a base64 data URL or a web address")
        return LINK
    return from_base64(head[1] or "", url[head.end() :], fields, name)


def from_base64(media_type: str, data: str, fields: Fields, name: str) -> Attachment:
    """An image or a PDF. Raises a refusal about field `name` for anything else."""
    try:
        body = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise fields.refuse(name, "the data is not valid base64") from None
    if media_type in _IMAGE_TYPES:
        return _image(media_type, body, fields, name)
    if media_type == PDF:
        return _pdf(body, fields, name)
    raise fields.refuse(name, f"{media_type or 'this type'} is not supported")


def _image(media_type: str, body: bytes, fields: Fields, name: str) -> Attachment:
    try:
        with Image.open(io.BytesIO(body), formats=_IMAGE_FORMATS) as image:
            width_px, height_px = image.size
            found = Image.MIME[image.format or ""]
    except (OSError, ValueError, KeyError, Image.DecompressionBombError):
        raise fields.refuse(name, "the image cannot be read") from None
    if found != media_type:
        raise fields.refuse(name, f"the image was declared {media_type} but is {found}")
    return Attachment(
        media_type=media_type,
        size_bytes=len(body),
        width_px=width_px,
        height_px=height_px,
    )


def _pdf(body: bytes, fields: Fields, name: str) -> Attachment:
    if not body.startswith(b"%PDF-"):
        raise fields.refuse(name, "the PDF cannot be read")
    pages = max(1, len(_PAGE.findall(body)))  # compressed page tables hide their pages: one then
    return Attachment(media_type=PDF, size_bytes=len(body), pages=pages)
