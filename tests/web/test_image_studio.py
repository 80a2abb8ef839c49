"""The image studio's page: what it offers by model, what it asks for, and what a refusal keeps."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.core.errors import Refused
from bluegpt.core.ids import new_id
from bluegpt.privacy.models import Introduction
from bluegpt.privacy.queries.introductions import facts_names
from bluegpt.providers.queries import catalogue as offers
from bluegpt.providers.services import catalogue
from bluegpt.providers.types.models import DrawingSkills
from bluegpt.studio.errors import SettingNotOffered
from bluegpt.studio.flows import creations, live
from bluegpt.studio.models import Asset, Call, Creation
from bluegpt.studio.services import pricing
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import PictureWish
from bluegpt.web.studio import drawing
from bluegpt.web.studio.drawing_forms import inputs_of
from tests.studio import pictured
from tests.studio.test_attachments import png
from tests.web.test_introductions import began

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
GPT = "openai/gpt-image-2"
FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture(autouse=True)
def wished(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[PictureWish]:
    """OpenAI has a key, and nobody really asks it: the wishes that would have been sent."""
    blue = settings.BLUEGPT
    openai = replace(blue.providers.openai, api_key="sk-test")
    settings.BLUEGPT = replace(blue, providers=replace(blue.providers, openai=openai))
    catalogue.load_packaged()
    pricing.publish()
    offers.forget()
    asked: list[PictureWish] = []

    async def draw(wish: PictureWish) -> Any:
        asked.append(wish)
        return began()

    async def finished(**_call: Any) -> None:
        """They are drawn."""

    monkeypatch.setattr(creations, "draw", draw)
    monkeypatch.setattr(live, "finished", finished)
    return asked


def token() -> str:
    return f"openai:{facts_names()['openai']}"


def form(**more: Any) -> dict[str, Any]:
    return {"text": "A red house", "model": GPT, "told": token()} | more


def test_the_studio_offers_what_the_model_can_be_told(browser_of: Client) -> None:
    page = browser_of.get(f"/images?model={GPT}").content.decode()

    assert 'name="size" value="1024x1024"' in page
    assert "3:2" in page
    assert "1536 × 1024" in page
    assert '<h2 id="introduction-openai">' in page
    assert 'name="seed"' not in page
    assert 'aria-current="page"' in page


def test_a_wish_is_asked_for_as_it_was_put(
    browser_of: Client, person: Person, wished: list[PictureWish]
) -> None:
    given = pictured.asset(person.id, name="sketch.png")
    key = new_id()

    answer = browser_of.post(
        "/images/creations",
        form(
            size="1536x1024",
            quality="high",
            number="3",
            format="webp",
            input=str(given.id),
            mask=SimpleUploadedFile("mask.png", b"a mask"),
            request_key=str(key),
        ),
    )

    [wish] = wished
    assert answer.status_code == 303
    assert answer["Location"].startswith("/images#creation-")
    assert (wish.person_id, wish.model_key, wish.text) == (person.id, GPT, "A red house")
    assert (wish.size, wish.quality, wish.number, wish.format) == ("1536x1024", "high", 3, "webp")
    assert (wish.background, wish.style, wish.seed) == ("auto", "", None)
    assert (wish.input_ids, wish.mask, wish.request_key) == ((given.id,), b"a mask", key)
    assert Introduction.objects.get(person_id=person.id).recipient == "openai"


def test_files_of_a_form_without_scripts_become_inputs(
    browser_of: Client, person: Person, wished: list[PictureWish]
) -> None:
    file = SimpleUploadedFile("sea.png", png(), content_type="image/png")

    browser_of.post("/images/creations", form(files=file))

    row = Asset.objects.get(person_id=person.id)
    assert (row.origin, wished[0].input_ids) == ("given", (row.id,))


def test_nothing_is_sent_to_a_company_before_it_was_introduced(
    browser_of: Client, wished: list[PictureWish]
) -> None:
    refused = browser_of.post("/images/creations", form(told="", number="2"))

    page = refused.content.decode()
    assert (refused.status_code, wished) == (422, [])
    assert "OpenAI Ireland Ltd" in page
    assert ">A red house</textarea>" in page
    assert 'name="number" value="2" aria-describedby="number-needs" checked' in " ".join(
        page.split()
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": " "}, "Say what the image is to show."),
        ({"number": "9"}, "number"),
        ({"seed": "-1"}, "seed"),
        ({"format": "gif"}, "format"),
        ({"input": "nothing"}, "lost track of its reference images"),
    ],
)
def test_bad_input_is_refused_in_plain_words_and_kept(
    browser_of: Client, wished: list[PictureWish], wrong: dict[str, str], sentence: str
) -> None:
    answer = browser_of.post("/images/creations", form(**wrong))

    page = answer.content.decode()
    assert (answer.status_code, wished) == (422, [])
    assert sentence in page
    assert f"{wrong.get('text', 'A red house')}</textarea>" in page


def test_a_script_gets_the_refusal_as_a_piece(
    browser_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_wish: PictureWish) -> None:
        raise SettingNotOffered(model_name="GPT Image 2", setting="style")

    monkeypatch.setattr(creations, "draw", refuse)

    answer = browser_of.post("/images/creations", form(), headers=FRAGMENT)

    assert answer.status_code == 422
    assert answer.content.decode().startswith('<template data-swap="fill" data-target="notices">')


def test_a_quote_says_the_price_of_one_and_of_all(browser_of: Client) -> None:
    asked = {"model": GPT, "size": "1024x1024", "quality": "low", "ascii": "400", "other": "3"}

    one = browser_of.get("/images/quote", asked | {"number": "1"}, headers=FRAGMENT)
    four = browser_of.get("/images/quote", asked | {"number": "4"}, headers=FRAGMENT)

    assert "At most" in one.content.decode()
    assert "each" not in one.content.decode()
    assert "in all" in four.content.decode()
    dear = browser_of.get("/images/quote", asked | {"number": "8", "quality": "high"})
    assert "more than you have" in dear.content.decode()
    assert browser_of.get("/images/quote", asked | {"ascii": "-1"}).status_code == 422
    assert browser_of.get("/images/quote", asked | {"model": "no/such"}).status_code == 404


def test_many_wishes_cost_as_many_queries_as_one(browser_of: Client, person: Person) -> None:
    pictured.asset(person.id, creation=pictured.wish(person.id, "A heron"))
    browser_of.get("/images")  # what is read once in a process

    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser_of.get("/images")
        counts.append(len(queries))
        for number in range(6):
            wish = pictured.wish(person.id, f"Wish {number}")
            pictured.asset(person.id, creation=wish)
            pictured.asset(person.id, creation=wish, place=1)

    assert counts[0] == counts[1]


def test_another_model_keeps_what_it_has_too(browser_of: Client) -> None:
    asked = {"model": GPT, "size": "1024x1536", "quality": "high", "number": "4"}

    piece = browser_of.get("/images/settings", asked, headers=FRAGMENT).content.decode()

    words = " ".join(piece.split())
    assert 'value="1024x1536" aria-describedby="size-needs" checked' in words
    assert 'value="high" aria-describedby="quality-needs" checked' in words
    assert browser_of.get("/images/settings", {"model": ""}).status_code == 422


def test_a_given_picture_comes_back_as_a_reference(browser_of: Client, person: Person) -> None:
    file = SimpleUploadedFile("sea.png", png(), content_type="image/png")

    piece = browser_of.post("/images/inputs", {"files": file}, headers=FRAGMENT).content.decode()

    row = Asset.objects.get(person_id=person.id)
    assert 'data-swap="append" data-target="references"' in piece
    assert f'name="input" value="{row.id}"' in piece
    nothing = browser_of.post("/images/inputs", {}, headers=FRAGMENT)
    assert nothing.status_code == 422
    broken = SimpleUploadedFile("sea.png", b"no picture", content_type="image/png")
    refused = browser_of.post("/images/inputs", {"files": broken}, headers=FRAGMENT)
    assert refused.status_code == 422
    assert "cannot be read" in refused.content.decode()


def test_an_earlier_wish_fills_the_composer_and_can_be_made_again(
    browser_of: Client, person: Person, wished: list[PictureWish]
) -> None:
    given = pictured.asset(person.id, name="sketch.png")
    wish = pictured.wish(person.id, "A heron", inputs=(given.id,))
    made = pictured.asset(person.id, creation=wish)
    wish.settings = {"size": "1024x1536", "number": 2, "quality": "high", "format": "webp"}
    wish.save()
    Call.objects.filter(person_id=person.id).update(model_key=GPT)

    again = browser_of.get(f"/images?from={wish.id}").content.decode()
    varied = browser_of.get(f"/images?variation={made.id}").content.decode()
    assert ">A heron</textarea>" in again
    assert ">A heron</textarea>" in varied
    assert f'name="input" value="{given.id}"' in again
    assert f'name="input" value="{made.id}"' in varied
    assert 'value="1024x1536" aria-describedby="size-needs" checked' in " ".join(again.split())

    browser_of.post("/images/introduction", {"understood": token()}, headers=FRAGMENT)
    answer = browser_of.post(f"/images/creations/{wish.id}/repetition")
    assert answer.status_code == 303
    assert (wished[0].text, wished[0].number, wished[0].size) == ("A heron", 2, "1024x1536")
    assert wished[0].input_ids == (given.id,)


def test_a_masked_wish_is_not_repeated_without_its_mask(
    browser_of: Client, person: Person, wished: list[PictureWish]
) -> None:
    wish = pictured.wish(person.id, "A heron")
    wish.settings = wish.settings | {"has_mask": True}
    wish.save()

    answer = browser_of.post(f"/images/creations/{wish.id}/repetition")

    assert (answer.status_code, wished) == (422, [])
    assert "A mask is not kept" in answer.content.decode()
    assert "repetition" not in browser_of.get("/images").content.decode()


def test_how_a_wish_ended_is_said_with_what_was_charged(browser_of: Client, person: Person) -> None:
    pictured.wish(person.id, "Something", state=CallState.FAILED)
    Call.objects.filter(person_id=person.id).update(error_code="prompt_refused")
    pictured.wish(person.id, "Something else", state=CallState.STOPPED)
    live_wish = pictured.wish(person.id, "In the making", state=CallState.LIVE)

    page = browser_of.get("/images").content.decode()

    assert 'data-kind="warning" data-code="prompt_refused"' in page
    assert "safety system refused" in page
    assert page.count("Nothing was charged") == 2
    assert f'data-events-url="/images/creations/{live_wish.call_id}/events"' in page


def test_a_wish_is_deleted_with_its_words_even_if_nothing_came_of_it(
    browser_of: Client, person: Person
) -> None:
    wish = pictured.wish(person.id, "Something", state=CallState.FAILED)
    path = f"/gallery/creations/{wish.id}/deletion"
    assert path in browser_of.get("/images").content.decode()

    assert "Something" in browser_of.get(path).content.decode()
    assert Creation.objects.exists()
    answer = browser_of.post(path)

    assert (answer.status_code, answer["Location"]) == (303, "/images")
    assert not Creation.objects.exists()
    assert browser_of.post(path).status_code == 404
    live_wish = pictured.wish(person.id, "In the making", state=CallState.LIVE)
    assert browser_of.post(f"/gallery/creations/{live_wish.id}/deletion").status_code == 409


def test_what_is_somebody_elses_fills_nothing(browser_of: Client) -> None:
    for name in ("from", "variation", "input"):
        assert browser_of.get(f"/images?{name}={new_id()}").status_code == 404
    assert browser_of.post(f"/images/creations/{new_id()}/repetition").status_code == 404
    assert browser_of.get(f"/images/creations/{new_id()}/events").status_code == 404
    assert browser_of.get("/images?from=nothing&input=nothing").status_code == 200


def test_without_scripts_a_model_is_chosen_by_a_button_that_keeps_the_draft(
    browser_of: Client,
) -> None:
    page = browser_of.post("/images/model", form(text="A draft", number="3"))

    assert page.status_code == 200
    assert ">A draft</textarea>" in page.content.decode()


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((1024, 1024), "1:1"),
        ((1344, 768), "16:9"),
        ((1184, 864), "4:3"),
        ((1024, 1536), "2:3"),
        ((700, 100), "7:1"),
    ],
)
def test_a_shape_is_called_as_people_call_it(size: tuple[int, int], said: str) -> None:
    assert drawing.ratio(*size) == said


def test_seed_and_style_are_there_for_models_that_have_them() -> None:
    skills = DrawingSkills(styles=("vivid",), has_seeds=True, backgrounds=("transparent",))
    model = replace(offers.model(GPT), drawing=skills)

    told = drawing.settings_for(model, {"style": "vivid", "seed": 7})

    assert [(each.value, each.is_chosen) for each in told.styles] == [("", False), ("vivid", True)]
    assert (told.has_seeds, told.seed) == (True, "7")
    assert [each.value for each in told.backgrounds] == ["auto", "transparent"]


def test_references_are_each_named_once() -> None:
    first, second = str(new_id()), str(new_id())
    data = QueryDict(f"input={first}&input={second}&input={first}")

    assert [str(each) for each in inputs_of(data)] == [first, second]
    with pytest.raises(Refused):
        inputs_of(QueryDict("&".join(f"input={new_id()}" for _ in range(33))))
