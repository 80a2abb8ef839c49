"""The mark that says a model made a picture: found, or put in without touching a pixel."""

import random
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.rules.provenance import SOURCE_TYPE, marked

OTHER_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="them"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def drawn(
    format: str, *, mode: str = "RGB", size: tuple[int, int] = (37, 23), **more: Any
) -> bytes:
    picture = Image.new(mode, size)
    picture.putdata(
        [
            tuple(random.Random(place).randbytes(len(mode)))  # noqa: S311
            for place in range(size[0] * size[1])
        ]
    )
    out = BytesIO()
    picture.save(out, format, **more)
    return out.getvalue()


def pixels(file: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(BytesIO(file)) as picture:
        return picture.mode, picture.size, picture.tobytes()


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 3  # orientation
    return exif


def with_itxt(packet: bytes, *, is_compressed: bool) -> bytes:
    told = PngInfo()
    told.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=is_compressed)
    return drawn("PNG", pnginfo=told)


CASES = [
    pytest.param(PictureFormat.PNG, drawn("PNG"), id="png"),
    pytest.param(PictureFormat.PNG, drawn("PNG", mode="RGBA"), id="png with alpha"),
    pytest.param(PictureFormat.JPEG, drawn("JPEG"), id="jpeg"),
    pytest.param(PictureFormat.JPEG, drawn("JPEG", exif=turned()), id="jpeg, exif"),
    pytest.param(
        PictureFormat.JPEG,
        drawn("JPEG").replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1),
        id="jpeg, padded",
    ),
    pytest.param(PictureFormat.WEBP, drawn("WEBP"), id="webp, simple"),
    pytest.param(PictureFormat.WEBP, drawn("WEBP", lossless=True), id="webp, lossless"),
    pytest.param(
        PictureFormat.WEBP, drawn("WEBP", mode="RGBA", lossless=True), id="webp, lossless, alpha"
    ),
    pytest.param(PictureFormat.WEBP, drawn("WEBP", mode="RGBA"), id="webp, extended"),
]
WITH_OTHER_WORDS = [
    pytest.param(PictureFormat.PNG, with_itxt(OTHER_XMP, is_compressed=False), id="png"),
    pytest.param(PictureFormat.PNG, with_itxt(OTHER_XMP, is_compressed=True), id="png, zipped"),
    pytest.param(PictureFormat.JPEG, drawn("JPEG", xmp=OTHER_XMP), id="jpeg"),
    pytest.param(PictureFormat.WEBP, drawn("WEBP", xmp=OTHER_XMP), id="webp"),
]


@pytest.mark.parametrize(("format_", "file"), CASES)
def test_a_mark_is_put_in_and_no_pixel_changes(format_: PictureFormat, file: bytes) -> None:
    made = marked(file, format_)

    assert made.count(SOURCE_TYPE.encode()) == 1
    assert pixels(made) == pixels(file)
    with Image.open(BytesIO(made)) as picture:
        assert SOURCE_TYPE in picture.info["xmp"].decode()


@pytest.mark.parametrize(("format_", "file"), [*CASES, *WITH_OTHER_WORDS])
def test_a_file_with_a_mark_is_passed_on_untouched(format_: PictureFormat, file: bytes) -> None:
    made = marked(file, format_)

    assert marked(made, format_) == made


@pytest.mark.parametrize(("format_", "file"), WITH_OTHER_WORDS)
def test_what_the_file_says_already_stays(format_: PictureFormat, file: bytes) -> None:
    made = marked(file, format_)

    assert pixels(made) == pixels(file)
    with Image.open(BytesIO(made)) as picture:
        told = picture.info["xmp"].decode()
    assert SOURCE_TYPE in told
    assert "them" in told


def test_a_c2pa_manifest_is_mark_enough() -> None:
    jumbf = b"JP\0\1\0\0\0\1\0\0\0\x18jumbc2pa"
    jpeg = drawn("JPEG")
    jpeg = jpeg[:2] + b"\xff\xeb" + (len(jumbf) + 2).to_bytes(2, "big") + jumbf + jpeg[2:]
    webp = drawn("WEBP")
    webp = webp[:4] + (len(webp) + 4).to_bytes(4, "little") + webp[8:] + b"C2PA\4\0\0\0jumb"
    png = drawn("PNG")
    png = png[:33] + b"\0\0\0\4caBXjumb\0\0\0\0" + png[33:]

    assert marked(jpeg, PictureFormat.JPEG) == jpeg
    assert marked(webp, PictureFormat.WEBP) == webp
    assert marked(png, PictureFormat.PNG) == png


@pytest.mark.parametrize("format_", list(PictureFormat))
@pytest.mark.parametrize("data", [b"", b"x", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0", b"R" * 64])
def test_what_is_no_file_is_an_error_and_ends(format_: PictureFormat, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        marked(data, format_)
