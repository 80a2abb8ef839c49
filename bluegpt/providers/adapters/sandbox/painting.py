"""Real pictures: hills under a sky, the same ones for the same prompt, with the sandbox's name."""

import hashlib
import random
from io import BytesIO
from math import sin

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

LABEL = "BlueGPT sandbox: drawn by a program, not by a model"
_STEP_PX = 8
_RANGES = 4
_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about=""'
    b' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    b" Iptc4xmpExt:DigitalSourceType="
    b'"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="sandbox"/></rdf:RDF></x:xmpmeta>'
)


def painted(
    prompt: str, *, number: int, size: str, background: str, format: str, fault: str
) -> bytes:
    """One picture as a file; `fault` is the switch `picture`, empty for a good one."""
    width, height = map(int, size.split("x"))
    if fault == "wrong_size":
        width -= 16
    seed = hashlib.sha256(f"{prompt}\0{number}\0{size}".encode()).digest()
    chance = random.Random(seed)  # noqa: S311  hills, not secrets
    picture = _landscape(chance, width, height, has_sky=background != "transparent")
    if fault == "wrong_format":
        format = "webp" if format == "png" else "png"
    file = _written(picture, format, is_marked=fault == "marked")
    if fault == "corrupt":
        return b"\0" * 64 + file[64:]
    return file[: len(file) // 2] if fault == "cut_short" else file


def _landscape(chance: random.Random, width: int, height: int, *, has_sky: bool) -> Image.Image:
    """Far ranges pale, near ones dark; a sun, if there is a sky to hold it."""
    hue = chance.randrange(360)
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    if has_sky:
        for y in range(height):
            draw.line(((0, y), (width, y)), fill=f"hsl({hue},60%,{45 + 45 * y // height}%)")
        x, y, r = chance.randrange(width), height // chance.randrange(3, 6), height // 14
        draw.ellipse((x - r, y - r, x + r, y + r), fill=f"hsl({(hue + 40) % 360},90%,88%)")
    for place in range(_RANGES):
        _hills(
            draw, chance, width, height, place, f"hsl({(hue + 150) % 360},35%,{62 - 14 * place}%)"
        )
    _label(draw, width, height)
    return picture


def _hills(  # noqa: PLR0917  a private step of one drawing
    draw: ImageDraw.ImageDraw,
    chance: random.Random,
    width: int,
    height: int,
    place: int,
    colour: str,
) -> None:
    level = height * (45 + 13 * place) // 100
    waves = [(chance.uniform(1, 4 + 2 * place), chance.uniform(0, 6.3)) for _wave in range(3)]
    reach = height / 28
    outline = [
        (x, level + sum(reach * sin(6.3 * often * x / width + at) for often, at in waves))
        for x in range(0, width + _STEP_PX, _STEP_PX)
    ]
    draw.polygon([(0, height), *outline, (width, height)], fill=colour)


def _label(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    font = ImageFont.load_default(size=height // 36)
    draw.rectangle((0, height - height // 16, width, height), fill="#10182a")
    draw.text((width // 2, height - height // 32), LABEL, font=font, fill="white", anchor="mm")


def _written(picture: Image.Image, format: str, *, is_marked: bool) -> bytes:
    out = BytesIO()
    if format == "png":
        told = PngInfo()
        if is_marked:
            told.add_itxt("XML:com.adobe.xmp", _XMP.decode())
        picture.save(out, "PNG", pnginfo=told, compress_level=3)
    elif format == "jpeg":
        picture.convert("RGB").save(out, "JPEG", quality=90, xmp=_XMP if is_marked else b"")
    else:
        picture.save(out, "WEBP", quality=90, xmp=_XMP if is_marked else b"")
    return out.getvalue()
