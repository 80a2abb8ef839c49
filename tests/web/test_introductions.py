"""Before the first message to a company, a person is told who it is; afterwards nobody nags."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.privacy.models import Introduction
from bluegpt.privacy.queries.introductions import facts_names, to_introduce
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.providers.queries import catalogue as offers
from bluegpt.providers.services import catalogue
from bluegpt.studio.flows import chat, live
from bluegpt.studio.types.calls import Asked
from bluegpt.studio.types.conversations import Ask
from tests.web.overlays import laid_over

GPT = "openai/gpt-5.5"
FACTS = (
    "OpenAI Ireland Ltd, with OpenAI OpCo, LLC",
    "United States",
    "Standard contractual clauses of the European Commission",
    "kept for up to 30 days",
)

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture(autouse=True)
def sent(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """OpenAI has a key, and nobody really asks it: the models that would have been asked."""
    blue = settings.BLUEGPT
    openai = replace(blue.providers.openai, api_key="sk-test")
    settings.BLUEGPT = replace(blue, providers=replace(blue.providers, openai=openai))
    catalogue.load_packaged()
    offers.forget()
    asked: list[str] = []

    async def ask(wish: Ask) -> Asked:
        asked.append(wish.model_key)
        return began()

    async def regenerate(*, model_key: str, **_what: Any) -> Asked:
        asked.append(model_key)
        return began()

    async def finished(**_call: Any) -> None:
        """Its answer has ended."""

    monkeypatch.setattr(chat, "ask", ask)
    monkeypatch.setattr(chat, "regenerate", regenerate)
    monkeypatch.setattr(live, "finished", finished)
    return asked


def began() -> Asked:
    return Asked(
        call_id=new_id(),
        conversation_id=new_id(),
        question_id=new_id(),
        answer_id=new_id(),
        ceiling_microcredits=0,
        begun_at=clock.now(),
    )


def composer(browser: Client) -> str:
    return browser.get(f"/conversations?model={GPT}").content.decode()


def token() -> str:
    return f"openai:{facts_names()['openai']}"


def message(**more: str) -> dict[str, str]:
    return {"text": "Hello", "model": GPT} | more


def test_the_composer_tells_who_before_the_first_message_and_not_after(
    browser_of: Client, person: Person, sent: list[str]
) -> None:
    before = composer(browser_of)
    browser_of.post("/messages", message(told=token()))
    after = composer(browser_of)

    assert all(fact in before for fact in FACTS)
    assert "it may not train models on it" in before
    assert sent == [GPT]
    assert 'data-recipient="openai">\n    <input' not in after
    assert token() not in after
    row = Introduction.objects.get(person_id=person.id)
    assert (row.recipient, row.occasion) == ("openai", "sent")
    assert row.policy_digest == policy_digest()


def test_whoever_was_not_told_is_told_by_the_refusal_and_then_goes_on(
    browser_of: Client, person: Person, sent: list[str]
) -> None:
    refused = browser_of.post("/messages", message())

    page = refused.content.decode()
    assert refused.status_code == 422
    assert sent == []
    assert all(fact in page for fact in FACTS)
    assert ">Hello</textarea>" in page
    browser_of.post("/messages", message())
    assert sent == [GPT]
    assert Introduction.objects.get(person_id=person.id).occasion == "refused"


def test_what_was_told_of_other_facts_does_not_count(browser_of: Client, sent: list[str]) -> None:
    answer = browser_of.post("/messages", message(told=f"openai:{'0' * 64}"))

    assert answer.status_code == 422
    assert sent == []


def test_another_model_for_an_old_question_is_a_first_message_too(
    browser_of: Client, sent: list[str]
) -> None:
    address = f"/conversations/{new_id()}/messages/{new_id()}/retry"

    first = browser_of.post(address, {"model": GPT})
    second = browser_of.post(address, {"model": GPT})

    assert (first.status_code, second.status_code) == (422, 303)
    assert sent == [GPT]


def test_understanding_it_hides_it_and_keeps_the_draft(
    browser_of: Client, person: Person, sent: list[str]
) -> None:
    typed = message(told=token(), understood=token())
    page = browser_of.post("/messages/introduction", typed).content.decode()

    assert ">Hello</textarea>" in page
    assert token() not in page
    assert sent == []
    assert Introduction.objects.get(person_id=person.id).occasion == "understood"
    again = browser_of.post("/messages/introduction", typed, headers={"X-Fragment": "1"})
    assert again.status_code == 204
    assert Introduction.objects.count() == 1


@pytest.mark.parametrize("made_up", ["", "openai:0", "nobody:0", "sandbox:0"])
def test_a_token_of_nobody_is_no_introduction(browser_of: Client, made_up: str) -> None:
    browser_of.post("/messages/introduction", message(understood=made_up))

    assert not Introduction.objects.exists()


def test_other_facts_are_told_anew_and_other_words_are_not(
    browser_of: Client, person: Person, tmp_path: Path
) -> None:
    browser_of.post("/messages/introduction", message(understood=token()))

    with laid_over(tmp_path, '[recipients.openai]\nsource = "seen again"\n'):
        assert "openai" not in to_introduce(person.id)
    with laid_over(tmp_path, "[recipients.openai]\nkeeps_prompts_days = 60\n"):
        assert "openai" in to_introduce(person.id)


def test_the_operators_own_machine_is_nobody_to_be_told_about(person: Person) -> None:
    assert set(to_introduce(person.id)) == {
        "anthropic",
        "compatible",
        "google",
        "mistral",
        "openai",
        "vertex",
        "xai",
    }
