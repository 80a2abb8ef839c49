"""Pictures taken along in another form, marked and labelled, by their owner alone."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import av
import pytest
from django.test import Client
from PIL import Image, ImageChops
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.adapters.labels import labelled
from bluegpt.studio.models import Asset, MadeFile
from bluegpt.studio.queries.made_files import made_here
from bluegpt.studio.rules.provenance import SOURCE_TYPE, marked
from bluegpt.studio.types.media import Origin
from tests.ops.conftest import PASSWORD
from tests.studio import pictured
from tests.studio.certificates import certified, use
from tests.studio.films import film as new_film
from tests.studio.independent import exiftool, ffprobe
from tests.studio.test_previews import opened, saved
from tests.web.test_assets import body

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
PLAIN = Image.new("RGB", (256, 200), "teal")
LARGE = new_film(size=(320, 256))
DATA = marked(saved(PLAIN), PictureFormat.PNG)


@pytest.fixture
def picture(person: Person) -> Asset:
    wish = pictured.wish(person.id, "A heron in the reeds")
    return pictured.asset(person.id, creation=wish, data=DATA)


def test_the_original_comes_as_it_is(browser_of: Client, picture: Asset) -> None:
    answer = browser_of.get(f"/assets/{picture.id}/download")

    assert body(answer) == DATA
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''picture-")
    assert answer["Cache-Control"] == "private, no-store"
    assert not MadeFile.objects.exists()  # its digest was noted when it was made


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_another_form_is_marked_and_known_again(
    browser_of: Client, picture: Asset, format: str
) -> None:
    answer = browser_of.get(f"/assets/{picture.id}/download", {"format": format})

    assert answer["Content-Type"] == f"image/{format}"
    assert answer["Content-Disposition"].endswith(f".{format}")
    shown = opened(answer.content)
    assert (shown.format, shown.size) == (format.upper(), (256, 200))
    assert SOURCE_TYPE.encode() in shown.info["xmp"]
    found = made_here(sha256(answer.content).hexdigest())
    assert found is not None


@pytest.mark.parametrize(("language", "words"), [("en", "Made by AI"), ("fr", "Créé par IA")])
def test_a_label_is_in_the_readers_language(
    browser_of: Client, picture: Asset, language: str, words: str
) -> None:
    answer = browser_of.get(
        f"/assets/{picture.id}/download",
        {"label": "on"},
        headers={"Accept-Language": language},
    )

    shown = opened(answer.content)
    assert shown.format == "PNG"
    assert shown.tobytes() == labelled(PLAIN, words).tobytes()
    assert SOURCE_TYPE.encode() in shown.info["xmp"]


def test_what_a_person_gave_is_neither_marked_nor_labelled_nor_noted(
    browser_of: Client, person: Person
) -> None:
    given = pictured.asset(person.id, data=saved(PLAIN), name="my été.png")
    Asset.objects.filter(id=given.id).update(origin=Origin.GIVEN)

    answer = browser_of.get(f"/assets/{given.id}/download", {"format": "webp", "label": "on"})

    assert SOURCE_TYPE.encode() not in answer.content
    assert unquote(answer["Content-Disposition"]).endswith("''my été.webp")
    assert not MadeFile.objects.exists()


@pytest.fixture
def film(person: Person) -> Asset:
    made = pictured.asset(person.id, media_type="video/mp4", data=LARGE)
    Asset.objects.filter(id=made.id).update(width_px=320, height_px=256, origin=Origin.MADE)
    return made


def test_a_film_comes_as_it_is_and_in_stretches_but_in_no_other_format(
    browser_of: Client, film: Asset
) -> None:
    path = f"/assets/{film.id}/download"

    stretch = browser_of.get(path, headers={"Range": "bytes=4-7"})
    refused = browser_of.get(path, {"format": "png"})

    assert (stretch.status_code, body(stretch)) == (206, b"ftyp")
    assert refused.status_code == 422
    assert "can only be downloaded as it is" in refused.content.decode()


def test_a_film_with_a_label_plays_is_marked_and_known_again(
    browser_of: Client, film: Asset
) -> None:
    answer = browser_of.get(f"/assets/{film.id}/download", {"label": "on"})
    file = body(answer)

    assert answer["Content-Length"] == str(len(file))
    found = made_here(sha256(file).hexdigest())
    assert found is not None
    assert found.kind == "film"
    assert exiftool(file, "a.mp4")["XMP-iptcExt:DigitalSourceType"] == SOURCE_TYPE
    picture, sound = ffprobe(file, "a.mp4")["streams"]
    assert (picture["nb_read_frames"], sound["codec_name"]) == ("12", "aac")
    before, after = first_frame(LARGE), first_frame(file)
    box = ImageChops.difference(before, after).point(lambda level: 255 * (level > 60)).getbbox()
    assert box is not None
    left, top, _right, _bottom = box
    assert left > 200
    assert top > 220


def test_with_a_certificate_the_labelled_film_names_the_one_it_was_made_from(
    browser_of: Client, film: Asset, settings: Settings, tmp_path: Path
) -> None:
    c2pa = pytest.importorskip("c2pa", reason="the optional library c2pa-python is not installed")
    use(settings, certified(tmp_path))

    file = body(browser_of.get(f"/assets/{film.id}/download", {"label": "on"}))

    with c2pa.Reader("video/mp4", BytesIO(file)) as reader:
        manifest = reader.get_active_manifest()
        assert reader.get_validation_state() == "Valid"
    assert [each["relationship"] for each in manifest["ingredients"]] == ["parentOf"]
    assert SOURCE_TYPE.encode() in file


def test_a_film_that_cannot_be_read_has_no_label(browser_of: Client, film: Asset) -> None:
    Asset.objects.filter(id=film.id).update(size_bytes=len(LARGE) // 2)

    assert browser_of.get(f"/assets/{film.id}/download?label=on").status_code == 422


def first_frame(film: bytes) -> Image.Image:
    with av.open(BytesIO(film), "r") as opened_:
        frame = next(opened_.decode(video=0))
        image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
        return image


def test_a_picture_that_cannot_be_read_is_only_had_as_it_is(
    browser_of: Client, person: Person
) -> None:
    broken = pictured.asset(person.id, data=DATA[:60])

    assert browser_of.get(f"/assets/{broken.id}/download?format=webp").status_code == 422
    assert body(browser_of.get(f"/assets/{broken.id}/download")) == DATA[:60]


def test_for_others_there_is_nothing(visitor: Client, picture: Asset) -> None:
    path = f"/assets/{picture.id}/download?format=webp"
    assert visitor.get(path)["Location"].startswith("/account/login/")

    visitor.force_login(people.create_person(email="eve@example.org", password=PASSWORD))

    assert visitor.get(path).status_code == 404
