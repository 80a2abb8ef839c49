"""Pictures taken along in another form, marked and labelled, by their owner alone."""

from hashlib import sha256
from urllib.parse import unquote

import pytest
from django.test import Client
from PIL import Image

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
from tests.studio.films import FILM
from tests.studio.test_previews import opened, saved
from tests.web.test_assets import body

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
PLAIN = Image.new("RGB", (256, 200), "teal")
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


def test_a_film_comes_as_it_is_and_in_stretches_but_in_no_other_form(
    browser_of: Client, person: Person
) -> None:
    film = pictured.asset(person.id, media_type="video/mp4", data=FILM)
    path = f"/assets/{film.id}/download"

    stretch = browser_of.get(path, headers={"Range": "bytes=4-7"})
    refused = browser_of.get(path, {"format": "png"})

    assert (stretch.status_code, body(stretch)) == (206, b"ftyp")
    assert refused.status_code == 422
    assert "can only be downloaded as it is" in refused.content.decode()


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
