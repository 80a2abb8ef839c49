"""What a person chose after a backup holds again once that backup was restored."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import transaction

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core import clock
from bluegpt.core.models import AppliedErasure
from bluegpt.privacy.models import Choice, Consent, SuccessionNotice
from bluegpt.privacy.queries.consents import chain_state, consents, is_given
from bluegpt.privacy.queries.standing import standing_now
from bluegpt.privacy.queries.successions import handed_over
from bluegpt.privacy.services import choice_notes, choices, succession_notes, succession_notices
from bluegpt.privacy.services import consents as deciding
from bluegpt.privacy.types.choices import FREE, ChoiceKind
from bluegpt.privacy.types.consents import ConsentAction, ConsentMethod
from bluegpt.vault.errors import ErasuresMissing
from bluegpt.vault.models import Erasure
from bluegpt.vault.services import erasures
from tests.privacy import changing_hands
from tests.privacy.test_consents import said
from tests.privacy.test_standing import IMPROVING

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
_DAY = timedelta(days=1)


@pytest.fixture
def ada() -> UUID:
    return people.create_person(email="ada@example.org", password="Correct-horse-9-battery").id


def put_back() -> None:
    """The data knows none of the notes, as before they were made."""
    AppliedErasure.objects.all().delete()
    with pytest.raises(ErasuresMissing):
        erasures.insist_on_replay()


def replayed() -> None:
    erasures.replay()
    erasures.insist_on_replay()


def test_a_freeze_an_objection_and_limits_are_made_again_as_of_their_instant(
    ada: UUID, overlay: Callable[[str], None]
) -> None:
    overlay(IMPROVING)
    choices.restrict(person_id=ada)
    choices.object_to(person_id=ada, purpose="improving")
    choices.allow_only_eea(person_id=ada)
    choices.allow_no_keepers(person_id=ada)
    choices.choose_content_term(person_id=ada, term="P1Y")
    before = standing_now(ada)
    assert before.objections == {"improving"}
    Choice.objects.all().delete()
    put_back()

    with time_machine.travel(clock.now() + _DAY, tick=False):
        replayed()

    assert standing_now(ada) == before


def test_what_was_taken_back_after_the_backup_is_taken_back_again(ada: UUID) -> None:
    choices.restrict(person_id=ada)
    frozen = Choice.objects.get()
    choices.lift(person_id=ada)
    put_back()
    frozen.save(force_insert=True)

    replayed()

    assert standing_now(ada) == FREE


def test_the_replay_follows_the_order_in_which_choices_were_made(ada: UUID) -> None:
    for _time in range(6):
        choices.restrict(person_id=ada)
        choices.lift(person_id=ada)
    put_back()

    replayed()

    assert standing_now(ada) == FREE
    choices.restrict(person_id=ada)
    chosen = standing_now(ada)
    Choice.objects.all().delete()
    put_back()

    replayed()

    assert standing_now(ada) == chosen


def test_a_note_that_comes_late_undoes_no_later_choice(ada: UUID) -> None:
    choices.restrict(person_id=ada)
    earlier = clock.now() - _DAY

    choice_notes.undone(ada, ChoiceKind.RESTRICTION, "", at=earlier)
    choice_notes.made(ada, ChoiceKind.RESTRICTION, "", at=earlier)

    at = standing_now(ada).restricted_at
    assert at is not None
    assert at > earlier


def test_nothing_is_noted_when_nothing_changes(ada: UUID) -> None:
    choices.lift(person_id=ada)
    assert not Erasure.objects.filter(kind=choice_notes.KIND).exists()

    for _time in range(2):
        choices.restrict(person_id=ada)

    assert Erasure.objects.filter(kind=choice_notes.KIND).count() == 1


def test_a_choice_that_was_rolled_back_is_not_noted_and_never_comes_about(ada: UUID) -> None:
    with transaction.atomic():
        choices.restrict(person_id=ada)
        transaction.set_rollback(True)

    with time_machine.travel(clock.now() + _DAY, tick=False):
        erasures.finish()

    assert standing_now(ada) == FREE
    assert not Erasure.objects.filter(kind=choice_notes.KIND).exists()


def test_nothing_is_made_again_for_somebody_whom_the_backup_does_not_know(ada: UUID) -> None:
    changing_hands.told()
    choices.restrict(person_id=ada)
    succession_notices.object_to(person_id=ada)
    for table in (Choice, SuccessionNotice):
        table.objects.all().delete()
    Person.objects.all().delete()
    put_back()

    replayed()

    assert not Choice.objects.exists()
    assert not SuccessionNotice.objects.exists()


def test_an_objection_to_a_change_of_hands_holds_again(ada: UUID) -> None:
    row = changing_hands.told()
    succession_notices.object_to(person_id=ada)
    objected_at = SuccessionNotice.objects.get().objected_at
    SuccessionNotice.objects.update(objected_at=None)
    put_back()
    later = clock.now() + 100 * _DAY
    assert handed_over(row, at=later).exists()

    replayed()

    assert SuccessionNotice.objects.get().objected_at == objected_at
    assert not handed_over(row, at=later).exists()


def test_an_objection_holds_though_the_backup_is_older_than_the_telling(ada: UUID) -> None:
    changing_hands.told()
    succession_notices.object_to(person_id=ada)
    SuccessionNotice.objects.all().delete()
    put_back()

    replayed()

    assert SuccessionNotice.objects.get(person_id=ada).objected_at is not None


def test_an_objection_that_was_taken_back_is_taken_back_again(ada: UUID) -> None:
    changing_hands.told()
    succession_notices.object_to(person_id=ada)
    succession_notices.withdraw_objection(person_id=ada)
    put_back()

    replayed()
    assert SuccessionNotice.objects.get().objected_at is None

    # with the objection in the backup as well
    SuccessionNotice.objects.update(objected_at=clock.now() - _DAY)
    put_back()
    replayed()
    assert SuccessionNotice.objects.get().objected_at is None


def test_an_agreement_that_was_withdrawn_is_withdrawn_again_with_its_proof(ada: UUID) -> None:
    said(ada, ConsentAction.GIVEN)
    given = Consent.objects.get()
    said(ada, ConsentAction.WITHDRAWN)
    assert not is_given(person_id=ada, purpose="sampling")
    put_back_to(given.number)
    assert is_given(person_id=ada, purpose="sampling")

    replayed()

    assert not is_given(person_id=ada, purpose="sampling")
    last = consents(ada)[0]
    assert (last.action, last.method) == (ConsentAction.WITHDRAWN, ConsentMethod.REPLAY)
    assert chain_state().broken == ()


def put_back_to(number: int) -> None:
    """The data as it was when only the agreement stood there: given anew, in a place of its own."""
    row = Consent.objects.get(number=number)
    AppliedErasure.objects.all().delete()
    with time_machine.travel(clock.now() - _DAY, tick=False):
        assert row.person_id is not None
        said(row.person_id, ConsentAction.GIVEN)


def test_a_refusal_elsewhere_ends_an_agreement_and_a_first_refusal_is_no_withdrawal(
    ada: UUID,
) -> None:
    said(ada, ConsentAction.REFUSED)
    assert not Erasure.objects.filter(kind=deciding.KIND).exists()

    said(ada, ConsentAction.GIVEN)
    said(ada, ConsentAction.REFUSED)

    assert Erasure.objects.filter(kind=deciding.KIND).count() == 1


def test_notes_of_choices_name_nobody_but_by_an_id(ada: UUID) -> None:
    changing_hands.told()
    choices.restrict(person_id=ada)
    succession_notices.object_to(person_id=ada)

    subjects = AppliedErasure.objects.filter(kind__in=[choice_notes.KIND, succession_notes.KIND])

    assert subjects.count() == 2
    for subject in subjects.values_list("subject", flat=True):
        assert subject.endswith(str(ada))
        assert "@" not in subject
