"""Files of the gallery: for their owner alone, in parts, and from where nothing in them runs."""

import pytest
from asgiref.sync import async_to_sync
from django.http.response import HttpResponseBase
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core.ids import new_id
from bluegpt.studio.models import Asset
from tests.ops.conftest import PASSWORD
from tests.studio import pictured

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
DATA = bytes(range(256)) * 40


@pytest.fixture
def picture(person: Person) -> Asset:
    wish = pictured.wish(person.id, "A heron in the reeds")
    return pictured.asset(person.id, creation=wish, data=DATA)


def body(answer: HttpResponseBase) -> bytes:
    async def whole() -> bytes:
        return b"".join([chunk async for chunk in answer])  # type: ignore[attr-defined]

    return async_to_sync(whole)()


def test_its_owner_gets_it_whole_and_from_a_place_where_nothing_runs(
    browser_of: Client, picture: Asset
) -> None:
    answer = browser_of.get(f"/assets/{picture.id}")

    assert (answer.status_code, body(answer)) == (200, DATA)
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Length"] == str(len(DATA))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''picture-")
    assert "heron" not in answer["Content-Disposition"]


def test_a_stretch_of_it_is_sent_alone(browser_of: Client, picture: Asset) -> None:
    answer = browser_of.get(f"/assets/{picture.id}", headers={"Range": "bytes=256-511"})

    assert (answer.status_code, body(answer)) == (206, DATA[256:512])
    assert answer["Content-Range"] == f"bytes 256-511/{len(DATA)}"
    beyond = browser_of.get(f"/assets/{picture.id}", headers={"Range": f"bytes={len(DATA)}-"})
    assert beyond.status_code == 416


def test_a_thumbnail_is_kept_by_this_browser_and_by_nothing_between(
    browser_of: Client, picture: Asset
) -> None:
    first = browser_of.get(f"/assets/{picture.id}/thumbnail")

    assert (first.status_code, body(first)) == (200, b"small")
    assert first["Content-Type"] == "image/webp"
    assert first["Cache-Control"] == "private, max-age=86400, immutable"
    again = browser_of.get(
        f"/assets/{picture.id}/thumbnail", headers={"If-None-Match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_film_has_a_first_frame_and_a_picture_has_none(
    browser_of: Client, person: Person, picture: Asset
) -> None:
    film = pictured.asset(person.id, media_type="video/mp4", name="sea.mp4")

    poster = browser_of.get(f"/assets/{film.id}/poster")

    assert (poster.status_code, poster["Content-Type"]) == (200, "image/jpeg")
    assert "sea.mp4" in browser_of.get(f"/assets/{film.id}")["Content-Disposition"]
    assert browser_of.get(f"/assets/{picture.id}/poster").status_code == 404


def test_what_a_browser_could_run_is_only_saved(browser_of: Client, person: Person) -> None:
    odd = pictured.asset(person.id, media_type="image/svg+xml", data=b"<svg/>")

    answer = browser_of.get(f"/assets/{odd.id}")

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("part", ["", "/thumbnail", "/poster"])
def test_for_others_there_is_nothing(visitor: Client, picture: Asset, part: str) -> None:
    stranger = people.create_person(email="eve@example.org", password=PASSWORD)
    path = f"/assets/{picture.id}{part}"
    assert visitor.get(path)["Location"].startswith("/account/login/")
    visitor.force_login(stranger)

    etag = f'"{picture.id}.{part.strip("/") or "file"}"'
    answer = visitor.get(path, headers={"If-None-Match": etag})

    assert answer.status_code == visitor.get(f"/assets/{new_id()}{part}").status_code == 404
