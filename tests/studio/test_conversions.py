"""Pictures in another form: marked after each conversion, labelled so that it can be read."""

import random
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms

from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.adapters.conversions import converted
from bluegpt.studio.adapters.decoding import NotAPicture
from bluegpt.studio.adapters.labels import labelled
from bluegpt.studio.rules.provenance import SOURCE_TYPE, marked
from tests.studio.independent import exiftool
from tests.studio.test_previews import opened, saved

FORMATS = list(PictureFormat)
BY_THEM = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    b' photoshop:Credit="Made with their model"/></rdf:RDF></x:xmpmeta>'
)


def picture(mode: str = "RGB") -> Image.Image:
    size = (48, 32)
    return Image.frombytes(mode, size, random.Random(5).randbytes(48 * 32 * len(mode)))  # noqa: S311


def of_a_model(format: PictureFormat) -> bytes:
    return marked(saved(picture(), format.value.upper()), format)


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_the_mark_is_there_after_each_conversion(source: PictureFormat, to: PictureFormat) -> None:
    made = converted(of_a_model(source), to)

    shown = opened(made)
    assert (shown.format, shown.size) == (to.value.upper(), (48, 32))
    assert SOURCE_TYPE.encode() in shown.info["xmp"]
    assert exiftool(made, f"a.{to.value}")["XMP-iptcExt:DigitalSourceType"] == SOURCE_TYPE


@pytest.mark.parametrize("to", FORMATS)
def test_what_the_provider_said_goes_along(to: PictureFormat) -> None:
    given = marked(saved(picture(), "WEBP", xmp=BY_THEM), PictureFormat.WEBP)

    tags = exiftool(converted(given, to), f"a.{to.value}")

    assert tags["XMP-photoshop:Credit"] == "Made with their model"
    assert tags["XMP-iptcExt:DigitalSourceType"] == SOURCE_TYPE


def test_a_packet_that_fits_nowhere_stays_behind() -> None:
    given = saved(picture(), "WEBP", xmp=BY_THEM + b" " * 70_000)

    made = converted(given, PictureFormat.JPEG)

    assert SOURCE_TYPE.encode() in opened(made).info["xmp"]
    assert b"Made with their model" not in made


def test_the_pixels_of_a_lossless_conversion_are_the_same() -> None:
    given = saved(picture("RGBA"), "WEBP", lossless=True, exact=True)

    made = opened(converted(given, PictureFormat.PNG))

    assert made.tobytes() == picture("RGBA").tobytes()


def test_nothing_else_of_the_metadata_goes_along() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a prompt"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    given = saved(picture(), "JPEG", exif=exif, icc_profile=profile, comment=b"a prompt")

    for to in FORMATS:
        made = converted(given, to)
        shown = opened(made)
        assert shown.size == (32, 48)  # upright
        assert b"a prompt" not in made
        assert not shown.getexif()
        assert "icc_profile" not in shown.info


def test_a_picture_that_nobody_made_here_is_not_marked() -> None:
    made = converted(saved(picture()), PictureFormat.WEBP, is_made=False)

    assert SOURCE_TYPE.encode() not in made


def test_transparency_becomes_white_in_a_jpeg() -> None:
    given = saved(Image.new("RGBA", (16, 16), (0, 0, 0, 0)))

    found = opened(converted(given, PictureFormat.JPEG)).getpixel((8, 8))

    assert isinstance(found, tuple)
    assert min(found) > 250


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        converted(data, PictureFormat.PNG)


@pytest.mark.parametrize("ground", ["black", "white", "#808080"])
@pytest.mark.parametrize("size", [(256, 256), (256, 1_024), (1_536, 1_024)])
@pytest.mark.parametrize("words", ["Made by AI", "Créé par IA"])
def test_a_label_can_be_read_on_any_ground(words: str, size: tuple[int, int], ground: str) -> None:
    plain = Image.new("RGB", size, ground)

    shown = labelled(plain, words)

    box = _changed(plain, shown)
    assert box is not None
    left, top, right, bottom = box
    assert left > size[0] * 0.05
    assert top > size[1] / 2
    assert right <= size[0]
    assert bottom <= size[1]
    assert bottom - top >= 17  # eleven pixels of letters, and room around them
    light = shown.crop(box).convert("L").getextrema()
    assert isinstance(light[0], (int, float))
    assert isinstance(light[1], (int, float))
    # White letters on what is left of the ground: 4.5 to 1 and more.
    assert light[1] >= 240
    middle = shown.getpixel((left + 4, (top + bottom) // 2))
    assert isinstance(middle, tuple)
    assert middle[0] <= 95


def test_a_label_fits_into_a_small_picture_and_keeps_its_transparency() -> None:
    small = Image.new("RGBA", (40, 30), (0, 0, 0, 0))

    shown = labelled(small, "Made by AI")

    assert shown.size == (40, 30)
    assert shown.getpixel((0, 0)) == (0, 0, 0, 0)
    assert _changed(small, shown) is not None


def _changed(before: Image.Image, after: Image.Image) -> Any:
    return ImageChops.difference(before.convert("RGBA"), after.convert("RGBA")).getbbox(
        alpha_only=False
    )
