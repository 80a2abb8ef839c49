"""Erasure of pictures and films: every file, every name, and what providers hold of films."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from asgiref.sync import async_to_sync

from bluegpt.accounts.services import closing
from bluegpt.core import clock
from bluegpt.core.models import AppliedErasure
from bluegpt.core.threads import in_thread
from bluegpt.core.worker import Worker
from bluegpt.privacy.models import ErasureRun
from bluegpt.privacy.services import retention
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.providers.errors import ModelUnavailable
from bluegpt.providers.services import films
from bluegpt.studio.flows import erasure
from bluegpt.studio.models import Album, AlbumEntry, Asset, Creation, FilmJob
from bluegpt.studio.services import gallery as actions
from bluegpt.studio.types.media import Kind
from bluegpt.vault.services import erasures as noted
from tests.privacy.belongings import Belongings, settle_down
from tests.privacy.test_erasing import erased, ordered
from tests.privacy.test_gallery_archives import Pictured, hang_up
from tests.studio import pictured

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
CONTENT, ACCOUNT = ErasureScope.CONTENT, ErasureScope.ACCOUNT
REF = "videos/heron-1"
Asked = list[tuple[str, str]]


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


@pytest.fixture
def hung(ada: Belongings) -> Pictured:
    return hang_up(ada)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Asked]:
    """Let providers answer so, one after the other, when a film is to be forgotten."""

    def say(*said: bool | Exception) -> Asked:
        asked: Asked = []

        async def forget(model_key: str, ref: str) -> bool:
            asked.append((model_key, ref))
            answer = said[min(len(asked), len(said)) - 1]
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(films, "forget", forget)
        return asked

    return say


def everything_of(person_id: UUID) -> int:
    mine = [
        model._default_manager.filter(**{path: person_id})
        for model, path in (
            (Asset, "person_id"),
            (Creation, "person_id"),
            (Album, "person_id"),
            (AlbumEntry, "album__person_id"),
            (FilmJob, "creation__person_id"),
        )
    ]
    return sum(rows.count() for rows in mine)


def keys_of(hung: Pictured) -> list[str]:
    return pictured.file_keys(hung.given, *hung.pictures, hung.film)


@pytest.mark.parametrize("scope", [CONTENT, ACCOUNT])
def test_every_row_and_every_file_goes_and_the_provider_is_asked(
    ada: Belongings, hung: Pictured, answers: Callable[..., Asked], scope: ErasureScope
) -> None:
    asked = answers(True)
    assert not pictured.are_gone(keys_of(hung))

    receipt = erased(ada, scope)

    assert everything_of(hung.person_id) == 0
    assert pictured.are_gone(keys_of(hung))
    assert asked == [("sandbox/painter", REF)]
    assert "1 supprimée" in receipt["provider_objects"]
    assert receipt["files"] == 1 + len(keys_of(hung))  # and the attachment
    assert "forgotten" not in receipt


def test_a_film_that_cannot_be_deleted_there_is_told(
    ada: Belongings, hung: Pictured, answers: Callable[..., Asked]
) -> None:
    answers(False)

    receipt = erased(ada, ACCOUNT)

    assert "0 supprimée" in receipt["provider_objects"]
    assert "1 non" in receipt["provider_objects"]


def test_who_does_not_answer_is_asked_three_times_before_keys_end(
    ada: Belongings, hung: Pictured, answers: Callable[..., Asked]
) -> None:
    asked = answers(ModelUnavailable(), ModelUnavailable(), True)
    ordered(ada, ACCOUNT)
    Worker().run_pending()
    assert len(asked) == 1
    assert everything_of(hung.person_id) > 0

    for turn in (1, 2):
        with time_machine.travel(clock.now() + timedelta(seconds=31 * turn)):
            Worker().run_pending()

    assert len(asked) == 3
    assert everything_of(hung.person_id) == 0


def test_who_never_answers_keeps_nobody_from_being_erased(
    ada: Belongings, hung: Pictured, answers: Callable[..., Asked]
) -> None:
    asked = answers(ModelUnavailable())
    ordered(ada, ACCOUNT)

    for turn in range(4):
        with time_machine.travel(clock.now() + timedelta(seconds=31 * turn)):
            Worker().run_pending()

    assert len(asked) == 3
    assert everything_of(hung.person_id) == 0
    assert not ErasureRun.objects.exists()


def test_deleting_one_asks_its_provider_and_no_other(
    hung: Pictured, answers: Callable[..., Asked]
) -> None:
    asked = answers(True)

    async_to_sync(erasure.delete_assets)(person_id=hung.person_id, asset_ids=[hung.pictures[0].id])
    assert asked == []
    async_to_sync(erasure.delete_assets)(person_id=hung.person_id, asset_ids=[hung.film.id])
    Worker().run_pending()

    assert asked == [("sandbox/painter", REF)]
    assert not FilmJob.objects.exists()
    assert pictured.are_gone(pictured.file_keys(hung.film, hung.pictures[0]))


def test_a_wish_and_a_conversation_take_their_films_along(
    ada: Belongings, hung: Pictured, answers: Callable[..., Asked]
) -> None:
    asked = answers(ModelUnavailable(), True)
    wish = pictured.wish(hung.person_id, "In the conversation", kind=Kind.FILM)
    Creation.objects.filter(id=wish.id).update(message_id=ada.leaf_id)
    pictured.film_job(wish, ref="videos/heron-2")
    shown = pictured.asset(hung.person_id, creation=wish, media_type="video/mp4")

    assert hung.film.creation_id
    async_to_sync(erasure.delete_creation)(
        person_id=hung.person_id, creation_id=hung.film.creation_id
    )
    async_to_sync(erasure.delete_conversation)(
        person_id=hung.person_id, conversation_id=ada.conversation_id
    )
    Worker().run_pending()

    assert [ref for _model, ref in asked] == [REF, "videos/heron-2"]
    assert pictured.are_gone(pictured.file_keys(shown, hung.film, *hung.pictures))
    assert not pictured.are_gone(pictured.file_keys(hung.given))


def test_a_restored_backup_brings_back_nothing_that_was_deleted(hung: Pictured) -> None:
    album = Album.objects.get()
    rows: list[Any] = [hung.film, Creation.objects.get(kind=Kind.FILM, source=None), album]
    actions.delete_assets(person_id=hung.person_id, asset_ids=[hung.film.id])
    actions.delete_album(person_id=hung.person_id, album_id=album.id)
    Worker().run_pending()

    AppliedErasure.objects.all().delete()
    for row in reversed(rows):
        row.save(force_insert=True)
    assert not noted.standing().is_whole
    noted.replay()
    Worker().run_pending()

    assert noted.standing().is_whole
    assert not Asset.objects.filter(id=hung.film.id).exists()
    assert not Creation.objects.filter(kind=Kind.FILM, source=None, id=rows[1].id).exists()
    assert not Album.objects.exists()


def test_the_gallery_of_a_closed_account_ends_with_its_term(
    ada: Belongings, hung: Pictured
) -> None:
    closing.close(person_id=hung.person_id)

    attestation = retention.run(now=clock.now() + timedelta(days=400))

    assert attestation.is_clean, attestation.left
    assert everything_of(hung.person_id) == 0
    assert pictured.are_gone(keys_of(hung))


async def test_nobody_waits_long_for_a_provider_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    hung = await in_thread(lambda: hang_up(settle_down()))

    async def never(_model_key: str, _ref: str) -> bool:
        await asyncio.Event().wait()
        return True

    monkeypatch.setattr(films, "forget", never)
    monkeypatch.setattr(erasure, "_ASKING_S_MAX", 0.05)

    await erasure.delete_assets(person_id=hung.person_id, asset_ids=[hung.film.id])

    assert not await in_thread(lambda: Asset.objects.filter(id=hung.film.id).exists())
