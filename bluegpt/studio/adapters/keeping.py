"""Files that come back in an archive: looked into as any upload, and kept byte for byte."""

from dataclasses import dataclass

from PIL import Image

from bluegpt.studio.adapters.decoding import NotAPicture, opened
from bluegpt.studio.adapters.pdfs import UnreadablePdf, read_pdf
from bluegpt.studio.adapters.pictures import SIDE_PX_MAX

_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class UnreadableFile(Exception):
    """Neither a PDF nor a picture that we have ever given out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file and what it is by its content. Sides and pages are 0 where there are none."""

    data: bytes
    media_type: str
    width_px: int = 0
    height_px: int = 0
    pages: int = 0


def kept(name: str, data: bytes) -> Kept:
    """The bytes as they are, measured. Raises UnreadableFile.

    Pictures leave here without metadata and within SIDE_PX_MAX; others are not ours.
    """
    if b"%PDF-" in data[:1_024]:
        try:
            return Kept(data=data, media_type="application/pdf", pages=read_pdf(name, data).pages)
        except UnreadablePdf as wrong:
            raise UnreadableFile from wrong
    try:
        with opened(data, formats=tuple(_MEDIA_TYPES), pixels_max=SIDE_PX_MAX**2) as picture:
            return _measured(picture, data)
    except NotAPicture as wrong:
        raise UnreadableFile from wrong


def _measured(opened: Image.Image, data: bytes) -> Kept:
    if max(opened.size) > SIDE_PX_MAX or opened.getexif():
        raise UnreadableFile
    opened.load()  # a picture that breaks off is none
    return Kept(
        data=data,
        media_type=_MEDIA_TYPES[str(opened.format)],
        width_px=opened.width,
        height_px=opened.height,
    )
