"""Every adapter of films, over HTTP, against the sandbox: one suite for all of them."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import av
import pytest
from PIL import Image
from pytest_django import Settings

from bluegpt.core.errors import BlueError
from bluegpt.core.personal_data import DataClass
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.sandbox.server import Sandbox
from bluegpt.providers.adapters.wires import film_adapter
from bluegpt.providers.errors import (
    FilmGone,
    MalformedReply,
    ModelUnavailable,
    PromptRefused,
    ProviderBusy,
    ProviderDown,
    ProviderMisconfigured,
    RequestRejected,
    StreamCut,
)
from bluegpt.providers.types.films import FilmAct, FilmAdapter, FilmRequest, FilmState
from bluegpt.providers.types.models import Model, Route, Wire
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage, UsageSource
from tests.providers.films import SIZE, fetched, film_model, film_request, seen, until_ended
from tests.providers.harness import hurry
from tests.providers.making import API_KEY, clearance


@dataclass(frozen=True, slots=True, kw_only=True)
class Cinema:
    """What differs between the wires, as far as these tests care."""

    wire: Wire
    base_path: str
    model: Model
    owed: Usage
    has_remixes: bool = False
    forgets: bool = True
    bills_refusals: bool = False


CINEMAS = (
    Cinema(
        wire=Wire.OPENAI_VIDEOS,
        base_path="/v1",
        model=film_model("openai", wire_name="projector", video_second=5),
        owed=Usage(video_seconds=4, source=UsageSource.FINAL),
        has_remixes=True,
    ),
    Cinema(
        wire=Wire.GOOGLE_INTERACTIONS,
        base_path="",
        model=film_model("google", wire_name="lantern", input=1, video_output=2, output=3),
        owed=Usage(
            input_tokens=10,
            output_tokens=7_600,
            video_output_tokens=7_600,
            source=UsageSource.FINAL,
        ),
        has_remixes=True,
    ),
    Cinema(
        wire=Wire.VERTEX_VIDEOS,
        base_path="/v1/projects/some/locations/europe-west4",
        model=film_model("vertex", wire_name="cinema", video_second=5),
        owed=Usage(video_seconds=4, source=UsageSource.FINAL),
        forgets=False,
    ),
    Cinema(
        wire=Wire.XAI_VIDEOS,
        base_path="/v1",
        model=film_model("xai", wire_name="reel", video_second=5),
        owed=Usage(video_seconds=4, source=UsageSource.FINAL),
        bills_refusals=True,
        forgets=False,
    ),
)


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    sandbox = Sandbox()
    yield await sandbox.start()
    await close_clients()
    await sandbox.stop()


@pytest.fixture(params=CINEMAS, ids=lambda cinema: str(cinema.wire))
def cinema(request: pytest.FixtureRequest) -> Cinema:
    cinema = request.param
    assert isinstance(cinema, Cinema)
    return cinema


@pytest.fixture
def adapter(cinema: Cinema, origin: str) -> FilmAdapter:
    route = Route(wire=cinema.wire, base_url=origin + cinema.base_path, api_key=API_KEY)
    return film_adapter(route)


def asked(cinema: Cinema, told: str = "", **changes: Any) -> FilmRequest:
    return film_request(cinema.model, f"Hills\nsandbox: job_ms=0 {told}", **changes)


async def begin(adapter: FilmAdapter, request: FilmRequest) -> str:
    return await adapter.submit(request, clearance=clearance(request.model.recipient))


async def test_a_film_is_begun_looked_at_and_fetched(cinema: Cinema, adapter: FilmAdapter) -> None:
    request = asked(cinema)
    ref = await begin(adapter, request)

    progress = await until_ended(adapter, ref, request)
    film = await fetched(adapter, ref, request)

    assert progress.state is FilmState.DONE
    assert progress.usage == cinema.owed
    assert (seen(film).size, seen(film).seconds, seen(film).has_sound) == (SIZE, 4.0, True)
    assert 0 < len(ref) <= 500


async def test_a_film_begins_with_a_picture_of_any_size(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    file = BytesIO()
    Image.new("RGB", (60, 80), "#d00000").save(file, "JPEG")
    picture = ImagePart(media_type="image/jpeg", data=file.getvalue(), width_px=60, height_px=80)
    request = asked(cinema, picture=picture)
    ref = await begin(adapter, request)
    await until_ended(adapter, ref, request)

    film = await fetched(adapter, ref, request)

    with av.open(BytesIO(film), "r") as opened:
        first = next(opened.decode(video=0)).to_image()  # type: ignore[no-untyped-call]
    red, green, blue = first.getpixel((320, 300))
    assert red > 150 > max(green, blue)


async def test_to_look_and_to_fetch_again_changes_nothing(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    request = asked(cinema)
    ref = await begin(adapter, request)
    progress = await until_ended(adapter, ref, request)

    assert await fetched(adapter, ref, request) == await fetched(adapter, ref, request)
    assert await adapter.look(ref, request=request) == progress


async def test_a_slow_job_says_how_far_it_is_and_owes_nothing_yet(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    request = asked(cinema, "job_ms=600000")
    ref = await begin(adapter, request)

    progress = await adapter.look(ref, request=request)

    assert progress.state in (FilmState.QUEUED, FilmState.RUNNING)
    assert progress.usage is None
    assert progress.percent in (0, None)


async def test_a_job_that_never_finishes_is_running(cinema: Cinema, adapter: FilmAdapter) -> None:
    request = asked(cinema, "film=stuck")
    ref = await begin(adapter, request)

    assert (await adapter.look(ref, request=request)).state is FilmState.RUNNING


async def test_a_failure_owes_nothing_and_has_a_code(cinema: Cinema, adapter: FilmAdapter) -> None:
    request = asked(cinema, "film=failed")
    ref = await begin(adapter, request)

    progress = await until_ended(adapter, ref, request)

    assert (progress.state, progress.usage) == (FilmState.FAILED, None)
    assert progress.error_code
    assert " " not in progress.error_code


async def test_what_the_safety_system_refuses_afterwards_is_called_so(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    request = asked(cinema, "film=rejected")
    ref = await begin(adapter, request)

    progress = await until_ended(adapter, ref, request)

    owed = cinema.owed if cinema.bills_refusals else None
    assert (progress.state, progress.usage) == (FilmState.REFUSED, owed)
    assert progress.error_code


async def test_what_the_safety_system_refuses_at_once_is_called_so(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    with pytest.raises(PromptRefused) as refused:
        await begin(adapter, asked(cinema, "refuse"))

    assert refused.value.provider_code
    assert "Hills" not in "".join(refused.value.__notes__)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("error=400", RequestRejected),
        ("error=401", ProviderMisconfigured),
        ("error=403", ProviderMisconfigured),
        ("error=404", ModelUnavailable),
        ("error=429", ProviderBusy),
        ("error=500", ProviderDown),
    ],
)
async def test_a_refused_order_means_what_it_means_elsewhere(
    cinema: Cinema, adapter: FilmAdapter, told: str, kind: type[BlueError]
) -> None:
    with pytest.raises(kind) as failed:
        await begin(adapter, asked(cinema, told))

    assert type(failed.value) is kind


async def test_a_look_that_fails_on_their_side_can_be_had_again(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    request = asked(cinema, "look_errors=2")
    ref = await begin(adapter, request)

    for _look in range(2):
        with pytest.raises(ProviderDown):
            await adapter.look(ref, request=request)

    assert (await until_ended(adapter, ref, request)).state is FilmState.DONE


async def test_an_unknown_job_is_gone(cinema: Cinema, adapter: FilmAdapter) -> None:
    request = asked(cinema, "film=unknown")
    ref = await begin(adapter, request)

    assert (await adapter.look(ref, request=request)).state is FilmState.GONE
    with pytest.raises(FilmGone):
        await fetched(adapter, ref, request)


async def test_a_film_that_expired_is_gone(cinema: Cinema, adapter: FilmAdapter) -> None:
    request = asked(cinema, "film=expired")
    ref = await begin(adapter, request)
    await until_ended(adapter, ref, request)

    with pytest.raises(FilmGone):
        await fetched(adapter, ref, request)


async def test_a_film_that_breaks_off_is_cut(cinema: Cinema, adapter: FilmAdapter) -> None:
    request = asked(cinema, "cut_after=0")
    ref = await begin(adapter, request)
    await until_ended(adapter, ref, replace(request))

    with pytest.raises((StreamCut, MalformedReply)):
        await fetched(adapter, ref, request)


async def test_a_film_that_falls_silent_is_cut(
    cinema: Cinema, adapter: FilmAdapter, settings: Settings
) -> None:
    request = asked(cinema, "stall_after=0")
    ref = await begin(adapter, request)
    await until_ended(adapter, ref, request)
    hurry(settings)

    with pytest.raises(StreamCut):
        await fetched(adapter, ref, request)


async def test_an_order_that_is_not_answered_in_time_may_have_arrived(
    cinema: Cinema, adapter: FilmAdapter, settings: Settings
) -> None:
    hurry(settings)

    with pytest.raises(ProviderDown):
        await begin(adapter, asked(cinema, "first_ms=5000"))


async def test_closing_a_film_closes_its_connection(cinema: Cinema, adapter: FilmAdapter) -> None:
    request = asked(cinema)
    ref = await begin(adapter, request)
    await until_ended(adapter, ref, request)

    film = adapter.fetch(ref, request=request)
    async with aclosing(film):
        assert await anext(film)

    assert seen(await fetched(adapter, ref, request)).seconds == 4.0


async def test_a_wrong_size_and_a_silent_film_come_as_they_are(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    """What is in the file is looked at above, where it is kept."""
    for fault in ("wrong_size", "corrupt", "silent"):
        request = asked(cinema, f"film={fault}")
        ref = await begin(adapter, request)
        assert (await until_ended(adapter, ref, request)).state is FilmState.DONE
        assert await fetched(adapter, ref, request)


async def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    request = asked(cinema)
    ref = await begin(adapter, request)
    await until_ended(adapter, ref, request)

    assert await adapter.forget(ref) is cinema.forgets
    assert await adapter.forget(ref) is cinema.forgets
    if cinema.forgets:
        assert (await adapter.look(ref, request=request)).state is FilmState.GONE


async def test_a_remix_keeps_its_length_and_an_extension_adds_to_it(
    cinema: Cinema, adapter: FilmAdapter
) -> None:
    if not cinema.has_remixes:
        pytest.skip("this wire has none")
    source = asked(cinema)
    source_ref = await begin(adapter, source)
    await until_ended(adapter, source_ref, source)

    lengths = {}
    for act in (FilmAct.REMIX, FilmAct.EXTEND):
        request = asked(cinema, act=act, source_ref=source_ref)
        ref = await begin(adapter, request)
        assert (await until_ended(adapter, ref, request)).usage == cinema.owed
        lengths[act] = seen(await fetched(adapter, ref, request)).seconds

    assert lengths == {FilmAct.REMIX: 4.0, FilmAct.EXTEND: 8.0}


async def test_to_change_what_is_gone_says_so(cinema: Cinema, adapter: FilmAdapter) -> None:
    if not cinema.has_remixes:
        pytest.skip("this wire has none")

    with pytest.raises(FilmGone):
        await begin(adapter, asked(cinema, act=FilmAct.REMIX, source_ref="video_none"))


@pytest.mark.parametrize(
    "other", [clearance("mistral"), clearance(data_classes=frozenset({DataClass.METERING}))]
)
async def test_nothing_leaves_without_a_fitting_clearance(
    cinema: Cinema, adapter: FilmAdapter, other: Any
) -> None:
    with pytest.raises(ValueError, match="clearance"):
        await adapter.submit(asked(cinema), clearance=other)
