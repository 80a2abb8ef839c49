"""Forms with files, read in memory and within bounds: nothing of an upload touches a disk."""

from dataclasses import dataclass, field
from io import BytesIO

from aiohttp import BodyPartReader, web
from PIL import Image

PARTS_MAX = 64
FILE_BYTES_MAX = 50_000_000
PIXELS_MAX = 20_000_000
_FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A picture that was given, with its size in pixels."""

    data: bytes = field(repr=False)
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What stood in a form: its words, and the bytes of its files by the names of their fields."""

    words: dict[str, str]
    files: dict[str, list[bytes]] = field(repr=False)


async def read(request: web.Request, *, most: int) -> Form:
    """The form in a request's body. Raises HTTPRequestEntityTooLarge beyond `most` bytes."""
    words: dict[str, str] = {}
    files: dict[str, list[bytes]] = {}
    size_bytes = parts = 0
    async for part in await request.multipart():
        parts += 1
        if not isinstance(part, BodyPartReader) or not part.name or parts > PARTS_MAX:
            raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=size_bytes)
        data = bytearray()
        while chunk := await part.read_chunk():
            data += chunk
            size_bytes += len(chunk)
            if size_bytes > most or len(data) > FILE_BYTES_MAX:
                raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=size_bytes)
        if part.filename is None:
            words[part.name] = data.decode(errors="replace")
        else:
            files.setdefault(part.name, []).append(bytes(data))
    return Form(words=words, files=files)


def picture(data: bytes) -> Upload:
    """A file as a picture, its head looked at. Raises ValueError when it is none."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as opened:
            width, height = opened.size
            opened.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ValueError("the file is not a picture") from None
    if width * height > PIXELS_MAX:
        raise ValueError("the picture has too many pixels")
    return Upload(data=data, width_px=width, height_px=height)
