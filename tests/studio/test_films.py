"""A film's way from the wish to the gallery, with a provider that does what it is told."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.core import mail

from bluegpt.accounts.models import Person
from bluegpt.core.errors import BlueError
from bluegpt.core.ids import new_id
from bluegpt.core.models import Job
from bluegpt.credits.errors import InsufficientCredits
from bluegpt.credits.queries.balances import balance
from bluegpt.privacy.models import Disclosure
from bluegpt.providers.errors import (
    ProviderDown,
)
from bluegpt.providers.types.films import FilmAct
from bluegpt.studio import jobs
from bluegpt.studio.errors import (
    DoesNotFilm,
    EmptyMessage,
    FilmNotAtProvider,
    FilmNotOffered,
    TooManyFilms,
    UnknownAsset,
)
from bluegpt.studio.flows import assets, films
from bluegpt.studio.models import Asset, Call, Creation, FilmJob, MadeFile
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import Kind
from tests.studio.filming import (
    FILM,
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
    time,
    wish,
    work,
)

__all__ = ["scripted", "time", "wish"]  # fixtures

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]


def test_a_film_is_made_kept_sealed_and_paid_by_its_seconds(
    wish: Wish, scripted: Scripted, time: Time, somebody: UUID
) -> None:
    scripted.looks = [running(None), running(40), done()]

    film = begun(wish())

    assert scripted.calls == []  # nothing is asked of the provider in the request
    assert balance(somebody).held_microcredits == PRICE
    work(time)
    call, job = ended(film)
    assert call.state == CallState.COMPLETE
    assert (call.charged_microcredits, call.video_seconds) == (PRICE, 4)
    assert call.cost_nanousd == 40_000_000
    assert scripted.calls == ["submit", "look", "look", "look", "fetch"]
    asset = Asset.objects.get(creation_id=film)
    assert (asset.width_px, asset.height_px, asset.duration_ms) == (640, 360, 4_000)
    assert asset.has_sound
    for part, plain in (("file", FILM), ("poster", b"poster"), ("thumbnail", b"thumbnail")):
        view, read = async_to_sync(assets.read)(person_id=somebody, asset_id=asset.id, part=part)  # type: ignore[arg-type]

        async def whole(read: assets.Reader = read, size: int = view.size_bytes) -> bytes:
            return b"".join([chunk async for chunk in read(0, size)])

        stored = async_to_sync(whole)()
        assert stored.startswith(plain)
        if part == "file":
            assert b"trainedAlgorithmicMedia" in stored
            assert MadeFile.objects.get(digest=sha256(stored).hexdigest()).kind == Kind.FILM
    assert Disclosure.objects.filter(call_id=film).count() == 1
    creation = Creation.objects.get(id=film)
    assert b"lighthouse" not in bytes(creation.prompt_sealed)
    assert b"job-1" not in bytes(job.ref_sealed)
    # This model changes and carries on its films, so the provider keeps this one for now.
    assert job.ref_sealed


def test_looks_grow_rarer_as_a_film_takes_longer(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    began = time.now
    scripted.looks = [*(running() for _look in range(30)), done()]

    film = begun(wish())
    work(time)

    ended(film)
    assert scripted.calls.count("look") == 31
    # Two seconds apart for the first twenty, then ever more.
    assert timedelta(seconds=100) < time.now - began < timedelta(seconds=200)


def test_one_request_key_makes_one_film(wish: Wish, scripted: Scripted, time: Time) -> None:
    key = new_id()

    first, second = begun(wish(request_key=key)), begun(wish(request_key=key))
    work(time)

    assert first == second == key
    assert Call.objects.count() == 1
    assert scripted.calls.count("submit") == 1


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"text": "  "}, EmptyMessage),
        ({"model_key": "sandbox/painter"}, DoesNotFilm),
        ({"seconds": 5}, FilmNotOffered),
        ({"size": "641x360"}, FilmNotOffered),
        ({"with_sound": False}, FilmNotOffered),
        ({"picture_id": new_id()}, UnknownAsset),
        ({"act": FilmAct.REMIX}, FilmNotAtProvider),
        ({"act": FilmAct.EXTEND, "source_id": new_id()}, UnknownAsset),
        ({"person_id": new_id()}, InsufficientCredits),
    ],
)
def test_what_cannot_be_made_or_paid_is_refused_and_writes_nothing(
    wish: Wish, somebody: UUID, more: dict[str, object], refusal: type[BlueError]
) -> None:
    with pytest.raises(refusal):
        begun(wish(**more))

    assert Call.objects.count() == Job.objects.filter(name="studio.film").count() == 0
    assert balance(somebody).held_microcredits == 0


def test_nobody_has_more_films_in_the_making_than_the_setting_says(wish: Wish) -> None:
    for _film in range(8):
        begun(wish())

    with pytest.raises(TooManyFilms):
        begun(wish())


def test_the_price_is_told_before_for_a_second_and_in_all(wish: Wish) -> None:
    quote = async_to_sync(films.quote)(wish(seconds=8))

    assert quote.each_microcredits == SECOND_MICROCREDITS
    assert quote.amount_microcredits == 8 * SECOND_MICROCREDITS


def test_what_the_provider_keeps_for_a_change_is_forgotten_after_a_month(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    scripted.forgets = [ProviderDown(), True]
    film = begun(wish())
    work(time)
    jobs.take_up_films()
    work(time)
    assert "forget job-1" not in scripted.calls

    time.pass_s(31 * 24 * 3_600)
    jobs.take_up_films()
    work(time)

    assert scripted.calls.count("forget job-1") == 2
    assert not FilmJob.objects.get(pk=film).ref_sealed


def test_a_film_is_changed_where_it_was_made(wish: Wish, scripted: Scripted, time: Time) -> None:
    first = begun(wish())
    work(time)
    source = Asset.objects.get(creation_id=first)

    # Whatever else is said, it keeps its size and its length, and is paid for that.
    told = {"act": FilmAct.REMIX, "size": "1280x720", "seconds": 12}
    changed = begun(wish("In winter", source_id=source.id, **told))
    work(time)

    assert ended_state(changed) == CallState.COMPLETE
    assert scripted.requests[-1].source_ref == "job-1"
    creation = Creation.objects.get(id=changed)
    assert creation.source_id == source.id
    assert (creation.settings["size"], creation.settings["seconds"]) == ("640x360", 4)
    assert Call.objects.get(id=changed).charged_microcredits == PRICE


def test_whoever_asked_for_it_is_told_by_mail_without_a_word_of_content(
    wish: Wish, scripted: Scripted, time: Time, somebody: UUID
) -> None:
    Person.objects.filter(id=somebody).update(language="fr")
    mail.outbox.clear()

    film = begun(wish(wants_mail=True))
    work(time)
    begun(wish())
    work(time)

    [letter] = mail.outbox
    assert letter.subject == "Votre vidéo est prête"
    assert f"/videos/{film}" in letter.body
    assert "lighthouse" not in letter.body


def test_no_payload_of_a_job_holds_content(wish: Wish, scripted: Scripted, time: Time) -> None:
    begun(wish(wants_mail=True))

    for job in Job.objects.all():
        assert "lighthouse" not in str(job.payload)


def test_a_film_whose_job_was_lost_is_taken_up_again(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    film = begun(wish())
    Job.objects.all().delete()

    jobs.take_up_films()
    jobs.take_up_films()
    assert Job.objects.filter(name="studio.film").count() == 1
    work(time)

    assert ended(film)[0].state == CallState.COMPLETE


def test_the_reaper_of_answers_leaves_films_to_their_job(
    wish: Wish, scripted: Scripted, time: Time
) -> None:
    film = begun(wish())
    Call.objects.filter(id=film).update(lease_until=time.now - timedelta(hours=1))

    jobs.settle_interrupted()
    assert Call.objects.get(id=film).state == CallState.LIVE
    work(time)

    assert ended(film)[0].state == CallState.COMPLETE
