"""The one way out: the right adapter, the right route, the sandbox for real."""

import logging
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from bluegpt.providers.errors import ModelUnavailable, ProviderBusy, UnknownModel
from bluegpt.providers.queries import catalogue
from bluegpt.providers.services import chat, sandbox
from bluegpt.providers.services.catalogue import load_packaged
from bluegpt.providers.types.chat import ChatRequest, FinishReason
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import Role, TextPart, Turn
from tests.providers.making import clearance, model

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def running_sandbox() -> AsyncIterator[None]:
    await sync_to_async(load_packaged)()
    await sandbox.start()
    yield
    await chat.close_clients()
    await sandbox.stop()


def ask(of: Model, text: str) -> ChatRequest:
    turn = Turn(role=Role.USER, parts=(TextPart(text=text),))
    return ChatRequest(model=of, system="", turns=(turn,), max_output_tokens=400)


@pytest.mark.parametrize("name", ["writer", "thinker", "scholar"])
async def test_each_wire_of_the_sandbox_is_reached(running_sandbox: None, name: str) -> None:
    asked = await sync_to_async(catalogue.model)(f"sandbox/{name}")
    request = ask(asked, "sandbox: tokens=20 pace_ms=0")

    deltas = [delta async for delta in chat.stream(request, clearance=clearance("sandbox"))]

    assert "".join(delta.text for delta in deltas)
    assert bool("".join(delta.reasoning for delta in deltas)) is asked.reasons
    assert deltas[-1].finish is FinishReason.COMPLETE


async def test_a_failure_is_logged_by_its_codes_only(
    running_sandbox: None, caplog: pytest.LogCaptureFixture
) -> None:
    asked = await sync_to_async(catalogue.model)("sandbox/writer")
    request = ask(asked, "sandbox: error=429\nMy secret plan")

    with caplog.at_level(logging.WARNING), pytest.raises(ProviderBusy):
        await anext(chat.stream(request, clearance=clearance("sandbox")))

    assert "sandbox/writer failed: provider_busy" in caplog.text
    assert "secret" not in caplog.text


async def test_a_model_that_cannot_be_used_is_not_asked(settings: Settings) -> None:
    await sync_to_async(load_packaged)()
    no_key = model("openai", key="openai/gpt-5.5")

    with pytest.raises(ModelUnavailable):
        await anext(chat.stream(ask(no_key, "Hi"), clearance=clearance("openai")))
    with pytest.raises(UnknownModel):
        await anext(chat.stream(ask(model("openai"), "Hi"), clearance=clearance("openai")))
