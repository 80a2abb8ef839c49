"""The one way out for films: the sandbox's models, by the catalogue's own routes."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bluegpt.core.threads import in_thread
from bluegpt.providers.errors import FilmGone, ModelUnavailable, ProviderDown
from bluegpt.providers.queries import catalogue, filming
from bluegpt.providers.services import films, sandbox
from bluegpt.providers.services.catalogue import load_packaged
from bluegpt.providers.services.chat import close_clients
from bluegpt.providers.types.films import FilmProgress, FilmRequest, FilmState
from bluegpt.providers.types.models import Model, Sound
from bluegpt.providers.types.usage import UsageSource
from tests.providers.films import SECONDS, SIZE, film_request, seen
from tests.providers.making import clearance

pytestmark = pytest.mark.django_db(transaction=True)
# By whether what a provider holds of a film can be deleted there.
MODELS = {
    "sandbox/projector": True,
    "sandbox/cinema": False,
    "sandbox/lantern": True,
    "sandbox/reel": False,
}


@pytest.fixture
async def screen() -> AsyncIterator[None]:
    await in_thread(load_packaged)
    await sandbox.start()
    yield
    await close_clients()
    await sandbox.stop()


async def asked(key: str, told: str = "") -> FilmRequest:
    model: Model = await in_thread(catalogue.model, key)
    words = f"Hills\nsandbox: job_ms=0 {told}"
    read = filming.prompt_bound(model, words)
    most = filming.film_bound(model, size=SIZE, seconds=SECONDS, input_tokens=read)
    return film_request(
        filming.billed_as(model, SIZE),
        words,
        input_tokens=read,
        output_tokens=most.output_tokens,
        with_sound=model.filming is not None and model.filming.sound is not Sound.CHOICE,
    )


async def ended(ref: str, request: FilmRequest) -> FilmProgress:
    async with asyncio.timeout(10):
        while True:
            progress = await films.look(ref, request=request)
            if progress.usage is not None or progress.state is FilmState.GONE:
                return progress
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("key", sorted(MODELS))
@pytest.mark.usefixtures("screen")
async def test_a_film_within_its_bound_by_every_wire(key: str) -> None:
    request = await asked(key)

    ref = await films.submit(request, clearance=clearance("sandbox"))
    progress = await ended(ref, request)
    film = b"".join([chunk async for chunk in films.fetch(ref, request=request)])

    assert seen(film).has_sound is request.with_sound
    assert progress.usage is not None
    assert progress.usage.source is UsageSource.FINAL
    assert progress.usage.output_tokens <= request.output_tokens
    assert await films.forget(key, ref) is MODELS[key]


@pytest.mark.usefixtures("screen")
async def test_what_fails_is_told_by_its_code_and_without_a_word_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    request = await asked("sandbox/projector", "look_errors=1")
    ref = await films.submit(request, clearance=clearance("sandbox"))

    with caplog.at_level(logging.WARNING), pytest.raises(ProviderDown):
        await films.look(ref, request=request)
    with pytest.raises(FilmGone):
        [chunk async for chunk in films.fetch("video_none", request=request)]

    assert "sandbox/projector failed: provider_down (HTTP 500" in caplog.text
    assert "Hills" not in caplog.text
    assert ref not in caplog.text


async def test_without_its_provider_nothing_is_asked() -> None:
    await in_thread(load_packaged)
    request = await asked("sandbox/projector")

    with pytest.raises(ModelUnavailable):
        await films.submit(request, clearance=clearance("sandbox"))
