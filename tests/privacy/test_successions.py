"""When the service changes hands, everybody is told once and has the whole notice to leave."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import closing, people
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.errors.matters import AlreadyDecided, SecondPersonNeeded
from bluegpt.privacy.errors.successions import (
    BundleTooEarly,
    FrozenForSuccession,
    SuccessionIncomplete,
    SuccessionUnderWay,
    UnknownSuccession,
)
from bluegpt.privacy.models import (
    PolicyVersion,
    StaffAct,
    Succession,
    SuccessionBundle,
    SuccessionNotice,
)
from bluegpt.privacy.queries import successions as queries
from bluegpt.privacy.queries.evidence.successions import told_first
from bluegpt.privacy.queries.openness import closed_because
from bluegpt.privacy.services import (
    gate,
    succession_bundles,
    succession_ends,
    succession_letters,
    succession_notices,
    successions,
)
from bluegpt.privacy.types.successions import Declared, SuccessionState
from tests.privacy import changing_hands, newcomers
from tests.privacy.changing_hands import PUBLIC, TOLD, agreed, told, worked
from tests.privacy.test_standing import IMPROVING

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]

PASSWORD = "Correct-horse-9-battery"
_MOMENT = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.EMAIL_BACKEND = changing_hands.BACKEND
    changing_hands.unreachable.clear()
    changing_hands.deadly.clear()


@pytest.fixture
def everybody() -> list[str]:
    """Three people, one of whom reads French."""
    found = [
        people.create_person(email=f"{name}@example.org", password=PASSWORD)
        for name in ("ada", "bea", "cleo")
    ]
    people.set_language(person_id=found[1].id, language="fr")
    return [person.email for person in found]


def recipients() -> list[str]:
    return sorted(address for letter in mail.outbox for address in letter.to)


def build(tmp_path: Path, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        succession_bundles.build(out=tmp_path / "bundle", to=PUBLIC, left_out=())


@pytest.mark.usefixtures("everybody")
def test_nothing_follows_before_two_different_people_have_agreed(tmp_path: Path) -> None:
    succession_id = successions.declare(actor_id=new_id(), told=TOLD)
    someone = new_id()
    successions.approve(actor_id=someone, succession_id=succession_id)

    with pytest.raises(SecondPersonNeeded):
        successions.approve(actor_id=someone, succession_id=succession_id)
    worked()

    row = Succession.objects.get()
    assert queries.state_of(row) is SuccessionState.APPROVED_ONCE
    assert mail.outbox == []
    with pytest.raises(BundleTooEarly):
        build(tmp_path, clock.now() + timedelta(days=4_000))
    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.update(second_approver=someone)


@pytest.mark.usefixtures("everybody")
def test_no_bundle_is_built_a_second_before_its_day(tmp_path: Path) -> None:
    with time_machine.travel("2026-11-28T15:00:00+00:00", tick=False):
        row = told()
    # thirty whole days of Paris, the day of telling not counted
    assert row.bundle_from == datetime.fromisoformat("2026-12-28T23:00:00+00:00")

    with pytest.raises(BundleTooEarly):
        build(tmp_path, row.bundle_from - _MOMENT)
    assert list(tmp_path.iterdir()) == []

    build(tmp_path, row.bundle_from)
    assert SuccessionBundle.objects.get().people == 3


def test_everybody_is_told_once_whatever_dies_or_runs_twice(everybody: list[str]) -> None:
    changing_hands.deadly.add("bea@example.org")
    succession_id = agreed()

    with pytest.raises(changing_hands.Died):
        succession_notices.tell_batch(succession_id, after=None)
    changing_hands.deadly.clear()
    for _time in range(3):
        succession_notices.tell_batch(succession_id, after=None)

    assert recipients() == everybody
    # nobody knows whether the letter left when the process died: staff decide
    row = Succession.objects.get()
    assert [each.email for each in queries.undelivered(row)] == ["bea@example.org"]
    succession_notices.try_again(actor_id=new_id(), succession_id=succession_id)
    worked()
    assert queries.view(row).counts.undelivered == 0
    acts = StaffAct.objects.filter(verb="succession.tell").order_by("number")
    assert [act.facts for act in acts] == [{"sent": "1", "failed": "0"}] * 2


@pytest.mark.usefixtures("everybody")
def test_a_letter_says_who_takes_over_from_when_and_what_can_be_done_in_both_languages() -> None:
    with time_machine.travel("2026-11-28T15:00:00+00:00", tick=False):
        told()

    english, french, _third = sorted(mail.outbox, key=lambda each: each.to)
    for letter in (english, french):
        assert TOLD.changes in letter.body
        assert TOLD.contact in letter.body
        assert "/account/privacy/succession" in letter.body
    assert "Dec. 28, 2026" in english.body
    assert "28 décembre 2026" in french.body
    assert "object, without a reason" in english.body
    assert "vous opposer, sans donner de raison" in french.body


def test_a_bad_address_holds_up_nobody_and_is_tried_a_few_times(everybody: list[str]) -> None:
    changing_hands.unreachable.add("ada@example.org")
    succession_id = agreed()

    for _hour in range(succession_letters.TRIES_MAX + 2):
        succession_notices.tell_batch(succession_id, after=None)

    assert recipients() == everybody[1:]
    assert SuccessionNotice.objects.get(sent_at=None).tries == succession_letters.TRIES_MAX
    assert queries.view(Succession.objects.get()).counts.undelivered == 1


def test_a_mail_server_that_is_away_uses_up_nobody_elses_tries(everybody: list[str]) -> None:
    changing_hands.unreachable.update(everybody)
    people.create_person(email="dora@example.org", password=PASSWORD)
    succession_id = agreed()

    with pytest.raises(succession_letters.MailIsAway):
        succession_notices.tell_batch(succession_id, after=None)

    assert SuccessionNotice.objects.count() == 3
    assert mail.outbox == []


@pytest.mark.usefixtures("everybody")
def test_people_are_told_in_batches_and_closed_accounts_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(succession_notices, "BATCH", 2)
    closing.close(person_id=Person.objects.get(email="cleo@example.org").id)
    people.create_person(email="dora@example.org", password=PASSWORD)
    succession_id = agreed()

    first = succession_notices.tell_batch(succession_id, after=None)
    assert recipients() == ["ada@example.org", "bea@example.org"]

    assert succession_notices.tell_batch(succession_id, after=first) is None
    assert recipients() == ["ada@example.org", "bea@example.org", "dora@example.org"]


@pytest.mark.usefixtures("everybody")
def test_whoever_joins_later_is_told_and_has_the_whole_notice() -> None:
    row = told()
    assert row.bundle_from is not None
    later = row.bundle_from - timedelta(days=1)
    with time_machine.travel(later, tick=False):
        late = people.create_person(email="dora@example.org", password=PASSWORD)
        succession_notices.go_on()
        worked()

    notice = SuccessionNotice.objects.get(person_id=late.id)
    assert notice.from_at is not None
    assert notice.from_at >= later + timedelta(days=30)
    assert not queries.handed_over(row, at=notice.from_at - _MOMENT).filter(id=notice.id).exists()
    assert queries.handed_over(row, at=notice.from_at).filter(id=notice.id).exists()


def test_from_its_day_on_nothing_new_is_used_or_approved(
    person_id: object, overlay: Callable[[str], None]
) -> None:
    row = told()
    assert row.bundle_from is not None
    overlay(IMPROVING)
    newcomers.take_on()

    def leave(purpose: str) -> str:
        return gate.clear(
            person_id=new_id(),
            purpose=purpose,
            recipient="mistral",
            data_classes={DataClass.CONTENT},
        ).recipient

    with time_machine.travel(row.bundle_from - _MOMENT, tick=False):
        assert leave("improving") == "mistral"
    with time_machine.travel(row.bundle_from, tick=False):
        assert leave("chat_answer") == "mistral"
        with pytest.raises(FrozenForSuccession):
            leave("improving")
        assert closed_because("mistral")
        with pytest.raises(FrozenForSuccession):
            newcomers.take_on()

        successions.abandon(actor_id=None, succession_id=row.id)
        assert leave("improving") == "mistral"


def test_one_at_a_time_and_none_without_its_facts() -> None:
    for lacking in ("acquirer", "country", "contact", "changes"):
        told_so_far = {name: getattr(TOLD, name) for name in Declared.__slots__} | {lacking: " "}
        with pytest.raises(SuccessionIncomplete):
            successions.declare(actor_id=new_id(), told=Declared(**told_so_far))
    first = successions.declare(actor_id=new_id(), told=TOLD)
    with pytest.raises(SuccessionUnderWay):
        successions.declare(actor_id=new_id(), told=TOLD)

    successions.abandon(actor_id=new_id(), succession_id=first)

    with pytest.raises(AlreadyDecided):
        successions.approve(actor_id=new_id(), succession_id=first)
    with pytest.raises(AlreadyDecided):
        successions.abandon(actor_id=new_id(), succession_id=first)
    with pytest.raises(UnknownSuccession):
        succession_notices.object_to(person_id=new_id())
    assert successions.declare(actor_id=new_id(), told=TOLD) != first


@pytest.mark.usefixtures("everybody")
def test_what_was_abandoned_is_never_handed_over(tmp_path: Path) -> None:
    row = told()
    successions.abandon(actor_id=None, succession_id=row.id)
    succession_notices.go_on()
    assert succession_notices.tell_batch(row.id, after=None) is None

    with pytest.raises(UnknownSuccession):
        build(tmp_path, clock.now() + timedelta(days=60))


@pytest.mark.usefixtures("everybody")
def test_who_was_told_is_told_once_that_it_was_given_up_in_their_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = told()
    people.create_person(email="dora@example.org", password=PASSWORD)  # never heard of it
    closing.close(person_id=Person.objects.get(email="cleo@example.org").id)
    mail.outbox.clear()
    monkeypatch.setattr(succession_ends, "BATCH", 1)

    successions.abandon(actor_id=new_id(), succession_id=row.id)
    worked()
    succession_ends.go_on()
    worked()

    assert recipients() == ["ada@example.org", "bea@example.org"]
    english, french = sorted(mail.outbox, key=lambda each: each.to)
    assert "That was given up" in english.body
    assert "Nothing of yours was handed over" in english.body
    assert "On y a renoncé" in french.body
    acts = StaffAct.objects.filter(verb="succession.tell_end")
    assert [act.facts for act in acts] == [{"sent": "1", "failed": "0"}] * 2


@pytest.mark.usefixtures("everybody")
def test_nobody_is_told_of_the_end_of_what_they_were_not_told() -> None:
    succession_id = successions.declare(actor_id=new_id(), told=TOLD)
    successions.abandon(actor_id=new_id(), succession_id=succession_id)
    worked()

    assert mail.outbox == []


@pytest.mark.usefixtures("everybody")
def test_a_letter_of_the_end_that_fails_or_dies_is_sent_once_more_at_most() -> None:
    row = told()
    mail.outbox.clear()
    changing_hands.unreachable.add("ada@example.org")
    changing_hands.deadly.add("bea@example.org")
    successions.abandon(actor_id=new_id(), succession_id=row.id)

    with pytest.raises(changing_hands.Died):
        succession_ends.tell_batch(row.id, after=None)
    changing_hands.deadly.clear()
    succession_ends.tell_batch(row.id, after=None)
    assert recipients() == ["bea@example.org", "cleo@example.org"]
    changing_hands.unreachable.clear()
    succession_ends.go_on()
    worked()

    assert recipients() == ["ada@example.org", "bea@example.org", "cleo@example.org"]


@pytest.mark.usefixtures("everybody")
def test_whose_data_was_handed_over_before_the_end_reads_so(tmp_path: Path) -> None:
    row = told()
    assert row.bundle_from is not None
    build(tmp_path, row.bundle_from)
    mail.outbox.clear()

    successions.abandon(actor_id=new_id(), succession_id=row.id)
    worked()

    for letter in mail.outbox:
        assert TOLD.contact in letter.body
        assert "Nothing of yours" not in letter.body


@pytest.mark.usefixtures("everybody")
def test_the_evidence_looks_at_every_bundle(tmp_path: Path) -> None:
    row = told()
    assert row.bundle_from is not None
    assert "0 bundles" in told_first()
    build(tmp_path, row.bundle_from)
    assert "1 bundles" in told_first()

    SuccessionBundle.objects.update(built_at=row.bundle_from - _MOMENT)
    with pytest.raises(NoEvidence, match="before its day"):
        told_first()
    SuccessionBundle.objects.update(built_at=row.bundle_from)
    Succession.objects.update(first_approver=new_id())
    with pytest.raises(NoEvidence, match="no two approvals"):
        told_first()


def test_the_version_that_the_freeze_holds_to_is_on_record() -> None:
    row = told()

    assert PolicyVersion.objects.filter(digest=row.policy_digest).exists()
