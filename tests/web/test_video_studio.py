"""The video studio's page: what it offers, what it asks for, and how films stand on it."""

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.core.worker import Worker
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category
from bluegpt.providers.types.films import FilmProgress, FilmState
from bluegpt.studio.models import Asset, Call, Creation, FilmJob
from tests.studio.filming import Scripted, Time, Wish, running, scripted, time, wish, work
from tests.studio.test_attachments import png

__all__ = ["scripted", "time", "wish"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
MODEL = "sandbox/projector"
FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def somebody(person: Person) -> UUID:
    """Who is logged in has credits."""
    ledger.grant(
        person_id=person.id,
        category=Category.PROMO,
        amount_microcredits=500_000_000,
        source_kind="test",
        source_id=str(person.id),
        reason="test",
    )
    return person.id


@pytest.fixture
def studio(browser_of: Client, wish: Wish) -> Client:
    """Their browser, in a world with the sandbox's projector."""
    return browser_of


def form(**more: Any) -> dict[str, Any]:
    asked = {"text": "A lighthouse at dusk", "model": MODEL, "size": "640x360", "seconds": "4"}
    return asked | {"sound": "yes"} | more


def test_the_studio_offers_what_the_model_can_be_told(studio: Client) -> None:
    page = studio.get(f"/videos?model={MODEL}").content.decode()

    assert 'name="size" value="1280x720"' in page
    assert 'name="seconds" value="8"' in page
    assert '<input type="hidden" name="sound" value="yes">' in page  # it is never silent
    assert 'name="mail"' in page
    assert "16:9" in page


def test_a_film_is_asked_for_and_its_card_says_how_far_it_is(
    studio: Client, scripted: Scripted, time: Time
) -> None:
    key = new_id()

    answer = studio.post("/videos/films", form(request_key=str(key), mail="yes"))

    assert (answer.status_code, answer["Location"]) == (303, f"/videos#creation-{key}")
    assert FilmJob.objects.get(pk=key).wants_mail
    assert "Waiting for its turn" in studio.get("/videos").content.decode()
    scripted.looks = [running(40)]
    Worker().run_pending()
    piece = studio.get(f"/videos/{key}/state", headers=FRAGMENT).content.decode()
    assert "Being made: 40 %" in piece
    assert f'data-target="film-progress-{key}"' in piece


def test_a_film_that_is_there_is_shown_with_its_player_and_its_price(
    studio: Client, scripted: Scripted, time: Time
) -> None:
    studio.post("/videos/films", form())
    work(time)
    asset = Asset.objects.get()

    for address in ("/videos", f"/videos/{asset.creation_id}"):
        page = studio.get(address).content.decode()
        assert f'src="/assets/{asset.id}"' in page
        assert f'poster="/assets/{asset.id}/poster"' in page
        assert "4 s · 640 × 360 · with sound" in page
        assert "4.8 credits" in page
        assert f"act=remix&amp;source={asset.id}" in page
        assert f"act=extend&amp;source={asset.id}" in page
    seek = studio.get(f"/assets/{asset.id}", headers={"Range": "bytes=4-11"})
    assert (seek.status_code, seek["Content-Range"][:10]) == (206, "bytes 4-11")


def test_a_refusal_is_told_with_the_providers_own_code_and_costs_nothing(
    studio: Client, scripted: Scripted, time: Time
) -> None:
    scripted.looks = [FilmProgress(state=FilmState.REFUSED, error_code="video_safety")]
    studio.post("/videos/films", form())
    work(time)

    page = studio.get("/videos").content.decode()

    assert "safety system refused this video" in page
    assert "video_safety" in page
    assert "Nothing was charged" in page
    studio.post(f"/videos/{Creation.objects.get().id}/deletion")
    assert not Creation.objects.exists()


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_a_film_is_stopped(
    studio: Client, scripted: Scripted, time: Time, headers: dict[str, str]
) -> None:
    scripted.looks = [running()]
    studio.post("/videos/films", form())
    film = Call.objects.get().id

    answer = studio.post(f"/videos/{film}/stop", headers=headers)
    assert answer.status_code == (200 if headers else 303)
    assert ("Stopping" in answer.content.decode()) is bool(headers)
    Worker().run_pending()

    piece = studio.get(f"/videos/{film}/state", headers=FRAGMENT).content.decode()
    assert f'data-swap="replace" data-target="creation-{film}"' in piece
    assert "Nothing was charged" in piece


def test_the_price_is_told_per_second_and_in_all(studio: Client) -> None:
    asked = form(seconds="8", ascii="20", other="0")

    piece = studio.get("/videos/quote", asked, headers=FRAGMENT).content.decode()

    assert "At most 1.2 a second, 9.6 credits in all" in piece
    assert studio.get("/videos/quote", asked | {"ascii": "-1"}).status_code == 422
    assert studio.get("/videos/quote", asked | {"model": "no/such"}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "Say what the video is to show."),
        ({"seconds": "5"}, "makes no such video"),
        ({"input": "nothing"}, "lost track of its reference images"),
        ({"model": "sandbox/painter"}, "makes no videos"),
    ],
)
def test_a_refused_wish_keeps_all_that_was_chosen(
    studio: Client, wrong: dict[str, str], said: str
) -> None:
    answer = studio.post("/videos/films", form(mail="yes") | wrong)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'aria-describedby="mail-needs" checked' in page
    assert not Call.objects.exists()


def test_a_film_begins_with_a_picture_that_is_given(
    studio: Client, scripted: Scripted, time: Time
) -> None:
    file = SimpleUploadedFile("sea.png", png(), content_type="image/png")

    studio.post("/videos/films", form(files=file))
    work(time)

    given = Asset.objects.get(origin="given")
    assert scripted.requests[0].picture.data
    assert Creation.objects.get().input_ids == [str(given.id)]
    two = SimpleUploadedFile("sea.png", png(), content_type="image/png")
    assert studio.post("/videos/films", form(files=two, input=str(given.id))).status_code == 422


def test_a_film_is_changed_and_carried_on_from_the_composer(
    studio: Client, scripted: Scripted, time: Time
) -> None:
    studio.post("/videos/films", form(seconds="8"))
    work(time)
    asset = Asset.objects.get()

    page = studio.get(f"/videos?act=extend&source={asset.id}").content.decode()
    assert "say what happens next" in page
    assert 'name="seconds" value="8"\n        aria-describedby="seconds-needs" checked' in page
    studio.post("/videos/films", form(act="extend", source=str(asset.id)))
    work(time)

    assert scripted.requests[-1].act == "extend"
    assert Creation.objects.order_by("-id")[0].source_id == asset.id
    assert studio.get(f"/videos?act=remix&source={new_id()}").status_code == 404


def test_deleting_a_film_has_the_provider_forget_it(
    studio: Client, scripted: Scripted, time: Time
) -> None:
    studio.post("/videos/films", form())
    work(time)
    asset = Asset.objects.get()

    piece = studio.post("/gallery/deletion", {"asset": str(asset.id)}, headers=FRAGMENT)

    assert f'data-target="film-{asset.id}"' in piece.content.decode()
    assert scripted.calls[-1] == "forget job-1"
    assert not Creation.objects.exists()


def test_nobody_sees_or_stops_the_film_of_another(
    studio: Client, scripted: Scripted, time: Time, wish: Wish
) -> None:
    stranger = f"/videos/{new_id()}"

    assert studio.get(stranger).status_code == 404
    assert studio.get(f"{stranger}/state", headers=FRAGMENT).status_code == 404
    assert studio.post(f"{stranger}/deletion").status_code == 404


def test_the_picker_tells_prices_and_the_settings_follow_the_model(studio: Client) -> None:
    rows = studio.get("/videos/models", headers=FRAGMENT).content.decode()
    told = studio.get("/videos/settings", {"model": MODEL}, headers=FRAGMENT).content.decode()

    assert "Sandbox Projector" in rows
    assert "from 1.2 a second" in rows
    assert 'name="seconds" value="12"' in told
    assert studio.get("/videos/settings", {"model": "sandbox/painter"}).status_code == 422
    kept = studio.post("/videos/model", form()).content.decode()
    assert ">A lighthouse at dusk</textarea>" in kept
