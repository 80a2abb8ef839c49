"""Real pictures: hills under a sky, the same ones for the same prompt, with the sandbox's name."""

import hashlib
import random
from dataclasses import dataclass, field
from io import BytesIO
from math import sin

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps
from PIL.PngImagePlugin import PngInfo

LABEL = "BlueGPT sandbox: drawn by a program, not by a model"
_STEP_PX = 8
_RANGES = 4
_SATURATION = {"vivid": 85, "natural": 35, "": 60}
_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about=""'
    b' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    b" Iptc4xmpExt:DigitalSourceType="
    b'"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="sandbox"/></rdf:RDF></x:xmpmeta>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """One picture to be painted. `fault` is the switch `picture`, empty for a good one.

    `given` are the files to work from; `mask` is as large as the first of them, and only where it
    is transparent anything is painted.
    """

    prompt: str
    number: int
    size: str
    background: str = "opaque"
    format: str = "png"
    fault: str = ""
    style: str = ""
    seed: int | None = None
    given: tuple[bytes, ...] = field(default=(), repr=False)
    mask: bytes = field(default=b"", repr=False)


def painted(sketch: Sketch, *, ranges: int = _RANGES) -> bytes:
    """The picture as a file; with fewer `ranges` an unfinished one, as it is on the way."""
    width, height = map(int, sketch.size.split("x"))
    if sketch.fault == "wrong_size":
        width -= 16
    told = "" if sketch.seed is None else f"\0{sketch.seed}"
    seed = hashlib.sha256(f"{sketch.prompt}\0{sketch.number}\0{sketch.size}{told}".encode())
    chance = random.Random(seed.digest())  # noqa: S311  hills, not secrets
    picture = _landscape(sketch, chance, width, height, ranges=ranges)
    if sketch.given:
        picture = _over(picture, sketch)
    if ranges < _RANGES:
        picture = picture.filter(ImageFilter.BoxBlur(width // 64))
    format_ = sketch.format
    if sketch.fault == "wrong_format":
        format_ = "webp" if format_ == "png" else "png"
    file = _written(picture, format_, is_marked=sketch.fault == "marked")
    if sketch.fault == "corrupt":
        return b"\0" * 64 + file[64:]
    return file[: len(file) // 2] if sketch.fault == "cut_short" else file


def _over(painting: Image.Image, sketch: Sketch) -> Image.Image:
    """The first of what was given, painted over; the others as small pictures at its edge."""
    first, *others = [
        ImageOps.fit(_opened(data), painting.size) if place == 0 else _opened(data)
        for place, data in enumerate(sketch.given)
    ]
    side = painting.width // 8
    for place, other in enumerate(others):
        painting.paste(ImageOps.fit(other, (side, side)), (side * place, 0))
    if not sketch.mask:
        return Image.blend(first, painting, 0.5)
    alpha = ImageOps.fit(_opened(sketch.mask).getchannel("A"), painting.size)
    return Image.composite(first, painting, alpha.point(lambda opacity: 255 if opacity else 0))


def _opened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
        return opened.convert("RGBA")


def _landscape(
    sketch: Sketch, chance: random.Random, width: int, height: int, *, ranges: int
) -> Image.Image:
    """Far ranges pale, near ones dark; a sun, if there is a sky to hold it."""
    hue, colour = chance.randrange(360), _SATURATION[sketch.style]
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    if sketch.background != "transparent":
        for y in range(height):
            draw.line(((0, y), (width, y)), fill=f"hsl({hue},{colour}%,{45 + 45 * y // height}%)")
        x, y, r = chance.randrange(width), height // chance.randrange(3, 6), height // 14
        draw.ellipse((x - r, y - r, x + r, y + r), fill=f"hsl({(hue + 40) % 360},90%,88%)")
    for place in range(ranges):
        near = f"hsl({(hue + 150) % 360},{colour * 35 // 60}%,{62 - 14 * place}%)"
        _hills(draw, chance, width, height, place, near)
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
