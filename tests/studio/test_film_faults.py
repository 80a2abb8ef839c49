"""Every fault that the sandbox can make of a film, over real HTTP: what is shown and charged."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from bluegpt.core.threads import in_thread
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.queries.verification import verify
from bluegpt.studio.flows import films
from bluegpt.studio.flows.filming import walk
from bluegpt.studio.models import Asset, Call, FilmJob
from bluegpt.studio.rules import filming
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import FilmStep, FilmWish
from bluegpt.vault.services import files as vault_files
from tests.studio.conftest import GRANTED_MICROCREDITS

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

PRICE = 4_800_000
_LOOKS_MAX = 400


@pytest.fixture
def made(somebody: UUID, studio: None) -> Callable[..., FilmWish]:
    """A film of somebody's by the sandbox's projector, made with these switches."""

    def wish(switches: str) -> FilmWish:
        return FilmWish(
            person_id=somebody,
            model_key="sandbox/projector",
            text=f"A lighthouse\nsandbox: job_ms=0 {switches}",
            seconds=4,
            size="640x360",
            with_sound=True,
        )

    return wish


async def _ended(wish: FilmWish) -> Call:
    """Walked as the worker walks it, without its pauses; afterwards the books add up."""
    film = (await films.film(wish)).call_id
    for _look in range(_LOOKS_MAX):
        if await walk(film) is None:
            break
        await asyncio.sleep(0.02)
    job = await FilmJob.objects.aget(pk=film)
    assert job.step == FilmStep.ENDED
    findings = await in_thread(lambda: [each.title for each in verify() if each.is_broken])
    assert findings == []
    call = await Call.objects.aget(id=film)
    left = await in_thread(balance, wish.person_id)
    assert left.held_microcredits == 0
    assert left.available_microcredits == GRANTED_MICROCREDITS - call.charged_microcredits
    return call


@pytest.mark.parametrize(
    ("switches", "size", "has_sound"),
    [
        ("", (640, 360), True),
        ("look_errors=2", (640, 360), True),
        ("film=wrong_size", (624, 360), True),
        ("film=silent", (640, 360), False),
    ],
)
async def test_a_film_is_kept_as_it_came(
    made: Callable[..., FilmWish], switches: str, size: tuple[int, int], has_sound: bool
) -> None:
    call = await _ended(made(switches))

    assert (call.state, call.charged_microcredits) == (CallState.COMPLETE, PRICE)
    asset = await Asset.objects.aget(creation_id=call.id)
    assert (asset.width_px, asset.height_px, asset.has_sound) == (*size, has_sound)
    assert asset.duration_ms == pytest.approx(4_000, abs=100)
    assert asset.thumbnail_key
    assert asset.poster_key


@pytest.mark.parametrize(
    ("switches", "code"),
    [
        ("film=failed", "film_failed"),
        ("film=rejected", "film_refused"),
        ("film=expired", "film_gone"),
        ("film=unknown", "film_gone"),
        ("film=corrupt", "film_unreadable"),
        ("film=cut_short", "film_unreadable"),
        ("look_errors=9", "provider_down"),
    ],
)
async def test_a_film_that_does_not_come_costs_nothing_and_leaves_nothing(
    made: Callable[..., FilmWish], monkeypatch: pytest.MonkeyPatch, switches: str, code: str
) -> None:
    monkeypatch.setattr("bluegpt.studio.flows.filming.FAULTS_MAX", 2)
    before = set(await in_thread(lambda: list(vault_files.every_key())))

    call = await _ended(made(switches))

    assert (call.state, call.error_code) == (CallState.FAILED, code)
    assert call.charged_microcredits == 0
    assert not await Asset.objects.filter(creation_id=call.id).aexists()
    assert set(await in_thread(lambda: list(vault_files.every_key()))) == before


async def test_a_film_that_never_finishes_is_given_up(
    made: Callable[..., FilmWish], somebody: UUID
) -> None:
    film = (await films.film(made("film=stuck"))).call_id
    for _look in range(3):
        assert await walk(film) is not None

    await FilmJob.objects.filter(pk=film).aupdate(deadline_at=(await _begun_at(film)))
    assert await walk(film) is None

    call = await Call.objects.aget(id=film)
    assert (call.error_code, call.charged_microcredits) == ("film_too_late", 0)


async def _begun_at(film: UUID) -> object:
    return (await Call.objects.aget(id=film)).created_at


def test_eight_faults_in_a_row_take_less_than_five_minutes() -> None:
    waits = [filming.back_off_s(number) for number in range(1, filming.FAULTS_MAX)]

    assert waits[:3] == [2, 4, 8]
    assert sum(waits) < 300
