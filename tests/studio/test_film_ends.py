"""Every end of a film but the good one: what is charged, what is left, who is told."""

from datetime import timedelta
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync

from bluegpt.core import clock
from bluegpt.core.before_erasure import are_at_rest
from bluegpt.core.errors import BlueError
from bluegpt.core.held_elsewhere import ask_to_forget
from bluegpt.core.ids import new_id
from bluegpt.core.worker import Worker
from bluegpt.privacy.events import UseEnded
from bluegpt.providers.errors import (
    FilmGone,
    PromptRefused,
    ProviderBusy,
    ProviderDown,
    RequestRejected,
)
from bluegpt.providers.types.films import FilmProgress, FilmState
from bluegpt.providers.types.usage import Usage, UsageSource
from bluegpt.studio import listeners
from bluegpt.studio.adapters.previews import FilmFacts, UnreadableFilm
from bluegpt.studio.flows import filming, films
from bluegpt.studio.models import Asset, FilmJob
from bluegpt.studio.rules.filming import FAULTS_MAX
from bluegpt.studio.types.calls import CallState
from tests.studio.filming import (
    PRICE,
    SECOND_MICROCREDITS,
    Scripted,
    Time,
    Wish,
    begun,
    done,
    ended,
    ended_state,
    running,
    scripted,
    stored_keys,
    time,
    wish,
    work,
    written_off,
)

__all__ = ["scripted", "time", "wish"]  # fixtures

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]


@pytest.mark.parametrize(
    ("error", "code", "provider_code", "is_borne"),
    [
        (RequestRejected(), "provider_rejected", "", False),
        (PromptRefused(provider_code="moderated"), "film_refused", "moderated", False),
        (ProviderBusy(), "provider_busy", "", False),
        (ProviderDown(), "provider_down", "", True),
    ],
)
def test_a_wish_that_the_provider_does_not_take_on_is_sent_once_and_costs_nothing(
    wish: Wish,
    scripted: Scripted,
    time: Time,
    error: BlueError,
    code: str,
    provider_code: str,
    is_borne: bool,
) -> None:
    scripted.submits = [error]

    film = begun(wish())
    work(time)

    call, job = ended(film)
    assert (call.state, call.error_code) == (CallState.FAILED, code)
    assert job.provider_code == provider_code
    assert call.charged_microcredits == 0
    assert scripted.calls == ["submit"]
    assert written_off(film) == (PRICE if is_borne else 0)


@pytest.mark.parametrize(
    ("progress", "code"),
    [
        (FilmProgress(state=FilmState.FAILED, error_code="gpu_lost"), "film_failed"),
        (FilmProgress(state=FilmState.REFUSED, error_code="safety"), "film_refused"),
        (FilmProgress(state=FilmState.GONE), "film_gone"),
    ],
)
def test_a_film_that_will_not_come_gives_the_credits_back_at_once(
    wish: Wish, scripted: Scripted, time: Time, progress: FilmProgress, code: str
) -> None:
    scripted.looks = [running(), progress]

    film = begun(wish())
    work(time)

    call, job = ended(film)
    assert (call.error_code, job.provider_code) == (code, progress.error_code)
    assert call.charged_microcredits == 0
    assert scripted.calls[-1] == "forget job-1"
    assert not job.ref_sealed


def test_a_refusal_that_the_provider_bills_is_charged_as_it_bills(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    billed = Usage(video_seconds=1, source=UsageSource.FINAL)
    scripted.looks = [FilmProgress(state=FilmState.REFUSED, usage=billed, error_code="safety")]

    film = begun(wish())
    work(time)

    call, _job = ended(film)
    assert (call.state, call.charged_microcredits) == (CallState.FAILED, SECOND_MICROCREDITS)


@pytest.mark.parametrize("step", ["looks", "fetches"])
def test_passing_faults_are_waited_out(
    wish: Wish, scripted: Scripted, time: Time, step: str
) -> None:
    before = stored_keys()
    faults: list[BlueError] = [ProviderDown(), ProviderBusy(), ProviderDown()]
    setattr(scripted, step, [*faults, *getattr(scripted, step)])

    film = begun(wish())
    work(time)

    call, _job = ended(film)
    assert (call.state, call.charged_microcredits) == (CallState.COMPLETE, PRICE)
    assert len(stored_keys() - before) == 3


@pytest.mark.parametrize(
    ("step", "name"), [("looks", "look"), ("fetches", "fetch")], ids=["look", "fetch"]
)
def test_faults_that_do_not_pass_end_it_and_are_our_loss(
    wish: Wish, scripted: Scripted, time: Time, step: str, name: str
) -> None:
    before = stored_keys()
    setattr(scripted, step, [ProviderDown()])

    film = begun(wish())
    work(time)

    call, _job = ended(film)
    assert (call.error_code, call.charged_microcredits) == ("provider_down", 0)
    assert scripted.calls.count(name) == FAULTS_MAX
    assert written_off(film) == PRICE
    assert stored_keys() == before


def test_bytes_that_are_no_film_are_fetched_again_and_leave_nothing(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    before = stored_keys()
    scripted.facts = UnreadableFilm("no film")

    film = begun(wish())
    work(time)

    call, _job = ended(film)
    assert (call.error_code, call.charged_microcredits) == ("film_unreadable", 0)
    assert scripted.calls.count("fetch") == FAULTS_MAX
    assert stored_keys() == before


def test_a_film_that_expired_before_it_was_fetched_is_not_asked_for_again(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    scripted.fetches = [FilmGone()]

    film = begun(wish())
    work(time)

    call, _job = ended(film)
    assert (call.error_code, call.charged_microcredits) == ("film_gone", 0)
    assert scripted.calls.count("fetch") == 1


def test_a_shorter_film_of_another_size_is_shown_and_charged_as_it_came(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    scripted.facts = FilmFacts(
        width_px=320,
        height_px=180,
        duration_ms=2_400,
        has_sound=False,
        poster=b"poster",
        thumbnail=b"thumbnail",
    )

    film = begun(wish())
    work(time)

    call, _job = ended(film)
    assert call.charged_microcredits == 3 * SECOND_MICROCREDITS
    assert call.cost_nanousd == 40_000_000  # the provider bills what was asked for
    asset = Asset.objects.get(creation_id=film)
    assert (asset.width_px, asset.duration_ms, asset.has_sound) == (320, 2_400, False)


def test_a_longer_film_costs_no_more_than_was_held(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    scripted.looks = [done(seconds=6)]
    scripted.facts = FilmFacts(
        width_px=640,
        height_px=360,
        duration_ms=6_000,
        has_sound=True,
        poster=b"poster",
        thumbnail=b"thumbnail",
    )

    film = begun(wish())
    work(time)

    call, _job = ended(film)
    assert call.charged_microcredits == PRICE


def test_a_film_that_never_ends_is_given_up_at_its_deadline(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    began = time.now
    scripted.looks = [running()]

    film = begun(wish())
    work(time, rounds=400)

    call, job = ended(film)
    assert (call.error_code, call.charged_microcredits) == ("film_too_late", 0)
    assert timedelta(0) <= time.now - began - timedelta(seconds=1_800) < timedelta(seconds=60)
    assert "forget job-1" in scripted.calls
    assert not job.ref_sealed


@pytest.mark.parametrize("looks", [0, 1])
def test_a_stop_ends_it_at_once_and_costs_nothing(
    wish: Wish, scripted: Scripted, time: Time, somebody: UUID, looks: int
) -> None:
    scripted.looks = [running()]
    film = begun(wish())
    if looks:
        Worker().run_pending()

    async_to_sync(films.stop)(person_id=somebody, creation_id=film)
    Worker().run_pending()  # at once: not when the next look would have been due

    call, _job = ended(film)
    assert (call.state, call.charged_microcredits) == (CallState.STOPPED, 0)
    assert scripted.calls == (["submit", "look", "forget job-1"] if looks else [])
    assert written_off(film) == (PRICE if looks else 0)


def test_a_stop_is_heard_while_a_long_film_is_fetched(
    wish: Wish, scripted: Scripted, time: Time, somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored_keys()
    seconds = iter(range(0, 10_000, 5))
    monkeypatch.setattr(clock, "monotonic_s", lambda: float(next(seconds)))
    film = begun(wish())
    scripted.stops_at_fetch = True

    work(time)

    call, _job = ended(film)
    assert (call.state, call.charged_microcredits) == (CallState.STOPPED, 0)
    assert stored_keys() == before


def test_a_film_that_drips_is_not_waited_for_for_ever(
    wish: Wish, scripted: Scripted, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(0, 10_000, 5))
    monkeypatch.setattr(clock, "monotonic_s", lambda: float(next(seconds)))
    film = begun(wish())
    before = stored_keys()
    scripted.at_fetch = lambda: time.pass_s(3_600)

    work(time)

    call, _job = ended(film)
    assert (call.error_code, call.charged_microcredits) == ("film_too_late", 0)
    assert stored_keys() == before


def test_a_stranger_stops_nothing(wish: Wish, scripted: Scripted, time: Time) -> None:
    film = begun(wish())

    async_to_sync(films.stop)(person_id=new_id(), creation_id=film)
    work(time)

    assert ended(film)[0].state == CallState.COMPLETE


def test_an_objection_ends_a_film_in_the_making(
    wish: Wish, scripted: Scripted, time: Time, somebody: UUID
) -> None:
    scripted.looks = [running()]
    film = begun(wish())
    Worker().run_pending()

    listeners.stop_answers(UseEnded(person_id=somebody, purpose=""))
    Worker().run_pending()

    assert ended(film)[0].state == CallState.STOPPED


def test_an_erasure_waits_until_the_film_and_what_the_provider_holds_are_gone(
    wish: Wish, scripted: Scripted, time: Time, somebody: UUID
) -> None:
    made = begun(wish())
    work(time)
    scripted.looks = [running()]
    film = begun(wish())
    Worker().run_pending()

    assert not are_at_rest(somebody)
    work(time)

    assert ended_state(film) == CallState.STOPPED
    assert are_at_rest(somebody)
    assert FilmJob.objects.get(pk=made).ref_sealed  # it can be carried on there, until now
    assert ask_to_forget(somebody).done == 1
    assert not FilmJob.objects.get(pk=made).ref_sealed


def test_a_provider_that_cannot_be_asked_to_forget_does_not_keep_us_for_ever(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    scripted.forgets = [ProviderDown()]
    scripted.looks = [FilmProgress(state=FilmState.FAILED)]

    film = begun(wish())
    work(time)

    _call, job = ended(film)
    assert scripted.calls.count("forget job-1") == FAULTS_MAX
    assert not job.ref_sealed


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    film = begun(wish())

    def another_worker() -> None:
        async_to_sync(filming.walk)(film)  # finds that it may have left, and gives it up

    scripted.while_submitting = another_worker
    work(time)

    call, _job = ended(film)
    assert (call.error_code, call.charged_microcredits) == ("film_lost", 0)
    # What the provider has taken on all the same is not wanted any more.
    assert scripted.calls == ["submit", "forget job-1"]
    assert written_off(film) == PRICE
