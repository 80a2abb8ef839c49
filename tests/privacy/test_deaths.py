"""What somebody laid down for after their death is followed, step by step, and not before two."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.core import mail
from django.test import Client
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.core.worker import Worker
from bluegpt.privacy.errors.deaths import DeathKnown, DeathUnshown, UnknownDeath
from bluegpt.privacy.errors.matters import AlreadyDecided, SecondPersonNeeded
from bluegpt.privacy.models import Archive, Death, Receipt, Request, StaffAct
from bluegpt.privacy.queries.deaths import state_of
from bluegpt.privacy.queries.evidence.rights import directions_are_followed
from bluegpt.privacy.services import archives, deaths, directives
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.directives import DeathProof, DeathState, Wish
from bluegpt.privacy.types.requests import Channel, Contact, Proof
from bluegpt.privacy.types.rights import Right
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.vault.services import seal
from tests.privacy.belongings import ANSWER, QUESTION, Belongings, settle_down

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]

TRUSTED = Contact(name="Ines Moreau", email="ines@example.org")


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


def shown(**said: object) -> deaths.Shown:
    request_id = desk.record_request(
        contact=Contact(name="Ines Moreau", email="ines@example.org"),
        right=Right.HEIRS,
        channel=Channel.POST,
        words="My aunt has died.",
        received_on=desk.today(),
        by="Nora",
    )
    desk.identify(request_id=request_id, proof=Proof.DOCUMENT, by="Nora")
    reference = Request.objects.get(id=request_id).reference
    given: dict[str, object] = {
        "reference": reference,
        "proof": DeathProof.CERTIFICATE,
        "seen_on": clock.now().date(),
    }
    return deaths.Shown(**given | said)  # type: ignore[arg-type]


def agreed(person_id: UUID) -> UUID:
    death_id = deaths.record(actor_id=new_id(), person_id=person_id, shown=shown())
    for _colleague in range(2):
        deaths.approve(actor_id=new_id(), death_id=death_id)
    return death_id


def worked() -> None:
    """What the jobs do, those that wait for each other included."""
    for second in range(12):
        with time_machine.travel(clock.now() + timedelta(seconds=2 * second), tick=False):
            Worker().run_pending()


def state(death_id: UUID) -> DeathState:
    return state_of(Death.objects.get(id=death_id))


def link_sent() -> str:
    (letter,) = [each for each in mail.outbox if "/privacy/handover/" in each.body]
    assert letter.to == [TRUSTED.email]
    return str(letter.body).split("/privacy/handover/")[1].split()[0]


def whole(stream: Any) -> bytes:
    async def read() -> bytes:
        return b"".join([piece async for piece in stream])

    return async_to_sync(read)()


def fetched(link: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(whole(deaths.take(link))))


def kept(person_id: UUID) -> Mapping[str, int]:
    """Rows that are left, and a living key counted as one."""
    return {
        "conversations": Conversation.objects.filter(person_id=person_id).count(),
        "messages": Message.objects.filter(person_id=person_id).count(),
        "attachments": Attachment.objects.filter(person_id=person_id).count(),
        "calls": Call.objects.filter(person_id=person_id).count(),
        "content keys": seal.living_keys(person_id=person_id, data_classes=[DataClass.CONTENT]),
    }


def test_nothing_follows_before_two_different_people_have_agreed(ada: Belongings) -> None:
    directives.lay_down(
        person_id=ada.person.id, wishes={DataClass.CONTENT: Wish.ERASE}, trusted=None
    )
    before = kept(ada.person.id)
    death_id = deaths.record(actor_id=new_id(), person_id=ada.person.id, shown=shown())
    someone = new_id()
    deaths.approve(actor_id=someone, death_id=death_id)

    with pytest.raises(SecondPersonNeeded):
        deaths.approve(actor_id=someone, death_id=death_id)
    worked()

    assert kept(ada.person.id) == before
    assert Person.objects.get(id=ada.person.id).closed_at is None
    assert state(death_id) is DeathState.APPROVED_ONCE


@pytest.mark.parametrize(
    ("wish", "content_left"), [(Wish.ERASE, False), (Wish.KEEP, True)], ids=["erase", "keep"]
)
def test_each_direction_is_followed_and_nothing_else_is_touched(
    ada: Belongings, wish: Wish, content_left: bool
) -> None:
    other = settle_down("grace@example.org")
    untouched = kept(other.person.id)
    directives.lay_down(person_id=ada.person.id, wishes={DataClass.CONTENT: wish}, trusted=TRUSTED)
    before = kept(ada.person.id)

    death_id = agreed(ada.person.id)
    worked()

    left = kept(ada.person.id)
    assert state(death_id) is DeathState.DONE
    assert Person.objects.get(id=ada.person.id).closed_at is not None
    assert Person.objects.get(id=ada.person.id).email == ada.person.email
    assert left["calls"] == before["calls"]
    if content_left:
        assert left == before
        assert not Receipt.objects.exists()
    else:
        assert [left[name] for name in before if name != "calls"] == [0, 0, 0, 0]
        (letter,) = [each for each in mail.outbox if "/privacy/receipts/" in each.body]
        assert letter.to == [TRUSTED.email]
        assert Receipt.objects.get().document["scope"] == "wishes"
    assert kept(other.person.id) == untouched
    assert "1" in directions_are_followed()


def test_a_name_that_was_to_be_erased_goes_and_the_conversations_stay(ada: Belongings) -> None:
    directives.lay_down(
        person_id=ada.person.id,
        wishes={DataClass.CONTENT: Wish.KEEP, DataClass.IDENTITY: Wish.ERASE},
        trusted=None,
    )

    death_id = agreed(ada.person.id)
    worked()

    assert state(death_id) is DeathState.DONE
    assert not Person.objects.filter(email=ada.person.email).exists()
    assert Conversation.objects.filter(person_id=ada.person.id).count() == 1


def test_without_directions_the_account_is_closed_and_all_else_is_left_to_the_heirs(
    ada: Belongings,
) -> None:
    before = kept(ada.person.id)

    death_id = agreed(ada.person.id)
    worked()

    assert state(death_id) is DeathState.DONE
    assert Person.objects.get(id=ada.person.id).closed_at is not None
    assert kept(ada.person.id) == before


def test_what_is_left_to_the_trusted_person_is_fetched_once_and_then_erased(
    ada: Belongings,
) -> None:
    directives.lay_down(
        person_id=ada.person.id, wishes={DataClass.CONTENT: Wish.HAND_OVER}, trusted=TRUSTED
    )
    death_id = agreed(ada.person.id)
    worked()
    assert state(death_id) is DeathState.AWAITED
    assert kept(ada.person.id)["messages"] == 3
    link = link_sent()

    archive = fetched(link)
    worked()

    texts = [record["text"] for record in json.loads(archive.read("messages.json"))]
    assert {QUESTION, ANSWER} <= set(texts)
    assert ada.person.email.encode() not in archive.read("rows.jsonl")
    assert any(name.startswith("media/") for name in archive.namelist())
    assert state(death_id) is DeathState.DONE
    assert kept(ada.person.id)["messages"] == kept(ada.person.id)["content keys"] == 0
    assert Receipt.objects.get().document["scope"] == "handed"
    with pytest.raises(UnknownDeath):
        deaths.take(link)


def test_the_link_shows_a_button_and_the_button_fetches_it_once(
    ada: Belongings, client: Client, settings: Settings
) -> None:
    settings.STATIC_ROOT.mkdir(exist_ok=True, parents=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    directives.lay_down(
        person_id=ada.person.id, wishes={DataClass.CONTENT: Wish.HAND_OVER}, trusted=TRUSTED
    )
    death_id = agreed(ada.person.id)
    worked()
    address = f"/privacy/handover/{link_sent()}"

    assert client.get(address).status_code == 200
    assert Archive.objects.filter(person_id=ada.person.id).exists()
    answer = client.post(address)
    assert zipfile.ZipFile(io.BytesIO(whole(answer))).testzip() is None

    assert Death.objects.get(id=death_id).handed_over_at is not None
    assert client.get(address).status_code == 404


def test_what_nobody_fetched_is_not_erased_and_can_be_sent_again(ada: Belongings) -> None:
    directives.lay_down(
        person_id=ada.person.id, wishes={DataClass.CONTENT: Wish.HAND_OVER}, trusted=TRUSTED
    )
    death_id = agreed(ada.person.id)
    worked()
    link = link_sent()
    mail.outbox.clear()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        archives.sweep()
    with pytest.raises(UnknownDeath):
        deaths.waiting(link)
    assert kept(ada.person.id)["messages"] == 3

    deaths.send_again(actor_id=new_id(), death_id=death_id)
    worked()

    assert link_sent() != link
    assert Archive.objects.filter(person_id=ada.person.id).count() == 1


def test_every_step_is_an_act_in_the_log(ada: Belongings) -> None:
    directives.lay_down(
        person_id=ada.person.id, wishes={DataClass.CONTENT: Wish.HAND_OVER}, trusted=TRUSTED
    )
    agreed(ada.person.id)
    worked()
    fetched(link_sent())
    worked()

    acts = StaffAct.objects.filter(verb__startswith="death.").order_by("number")
    assert [verb.partition(".")[2] for verb in acts.values_list("verb", flat=True)] == [
        *("record", "approve", "approve", "erase", "send", "handed_over", "erase", "done"),
    ]


@pytest.mark.parametrize("said", [{"reference": "NONE"}, {"seen_on": "tomorrow"}])
def test_a_death_without_its_proof_is_not_recorded(
    ada: Belongings, said: dict[str, object]
) -> None:
    if "seen_on" in said:
        said = {"seen_on": clock.now().date() + timedelta(days=1)}

    with pytest.raises(DeathUnshown):
        deaths.record(actor_id=new_id(), person_id=ada.person.id, shown=shown(**said))


def test_a_death_is_recorded_once_and_one_that_was_refused_leads_to_nothing(
    ada: Belongings,
) -> None:
    death_id = deaths.record(actor_id=new_id(), person_id=ada.person.id, shown=shown())
    with pytest.raises(DeathKnown):
        deaths.record(actor_id=new_id(), person_id=ada.person.id, shown=shown())

    deaths.refuse(actor_id=new_id(), death_id=death_id)

    with pytest.raises(AlreadyDecided):
        deaths.approve(actor_id=new_id(), death_id=death_id)
    deaths.record(actor_id=new_id(), person_id=ada.person.id, shown=shown())
    assert Death.objects.count() == 2
