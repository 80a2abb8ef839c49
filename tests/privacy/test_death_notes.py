"""What was done after a death is done again when a restored backup has undone it."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.models import AppliedErasure
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.deaths import UnknownDeath
from bluegpt.privacy.jobs import forget_erasures
from bluegpt.privacy.models import Death, Directive
from bluegpt.privacy.services import death_notes, deaths, directives
from bluegpt.privacy.types.directives import DeathState, Wish
from bluegpt.studio.models import Conversation, Message
from bluegpt.vault.errors import ErasuresMissing
from bluegpt.vault.services import erasures
from tests.privacy.belongings import Belongings, settle_down
from tests.privacy.test_deaths import (
    TRUSTED,
    agreed,
    fetched,
    kept,
    link_sent,
    state,
    worked,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
UNDONE = dict.fromkeys(death_notes.STEPS)


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


def put_back(person_id: UUID) -> None:
    """The data as it was before the death: the account open, nothing known of what was done."""
    AppliedErasure.objects.all().delete()
    Person.objects.filter(id=person_id).update(closed_at=None)
    Directive.objects.filter(person_id=person_id).delete()
    Death.objects.filter(person_id=person_id).update(**UNDONE)
    with pytest.raises(ErasuresMissing):
        erasures.insist_on_replay()


def replayed() -> None:
    erasures.replay()
    worked()
    erasures.insist_on_replay()


def test_an_account_that_was_closed_without_directions_is_closed_again(ada: Belongings) -> None:
    agreed(ada.person.id)
    worked()
    put_back(ada.person.id)

    replayed()

    assert Person.objects.get(id=ada.person.id).closed_at is not None


def test_what_was_wished_erased_is_erased_though_the_backup_does_not_know_the_wish(
    ada: Belongings,
) -> None:
    directives.lay_down(
        person_id=ada.person.id, wishes={DataClass.CONTENT: Wish.ERASE}, trusted=None
    )
    death_id = agreed(ada.person.id)
    worked()
    put_back(ada.person.id)
    # as the backup had it: something of hers is there again
    at = clock.now()
    talk = Conversation.objects.create(
        person=ada.person, title_sealed=b"x", model_key="m", created_at=at, last_message_at=at
    )
    Message.objects.create(person=ada.person, conversation=talk, role="user", created_at=at)

    replayed()

    assert {kind.wish for kind in Directive.objects.filter(revoked_at=None)} == {"erase"}
    assert state(death_id) is DeathState.DONE
    assert kept(ada.person.id)["messages"] == kept(ada.person.id)["conversations"] == 0


def test_another_wish_of_the_backup_gives_way_to_the_one_that_was_followed(
    ada: Belongings,
) -> None:
    directives.lay_down(
        person_id=ada.person.id, wishes={DataClass.CONTENT: Wish.KEEP}, trusted=None
    )

    death_notes.followed(ada.person.id, Wish.ERASE, DataClass.CONTENT)
    death_notes.followed(ada.person.id, Wish.ERASE, DataClass.CONTENT)

    in_force = Directive.objects.get(person_id=ada.person.id, revoked_at=None)
    assert in_force.wish == "erase"
    assert Directive.objects.filter(person_id=ada.person.id).count() == 2


def test_what_was_handed_over_is_not_handed_over_again(ada: Belongings) -> None:
    directives.lay_down(
        person_id=ada.person.id, wishes={DataClass.CONTENT: Wish.HAND_OVER}, trusted=TRUSTED
    )
    death_id = agreed(ada.person.id)
    worked()
    link = link_sent()
    fetched(link)
    worked()
    put_back(ada.person.id)
    assert state(death_id) is DeathState.AWAITED

    replayed()

    assert state(death_id) is DeathState.DONE
    with pytest.raises(UnknownDeath):
        deaths.take(link)
    assert kept(ada.person.id)["messages"] == 0


def test_a_death_on_which_nobody_agreed_in_the_backup_is_not_marked(ada: Belongings) -> None:
    death_id = agreed(ada.person.id)
    worked()
    put_back(ada.person.id)
    Death.objects.filter(id=death_id).update(
        first_approver=None, second_approver=None, approved_at=None
    )

    replayed()

    assert state(death_id) is DeathState.RECORDED
    assert Person.objects.get(id=ada.person.id).closed_at is not None


def test_the_notes_end_with_the_last_backup_that_they_could_meet(ada: Belongings) -> None:
    agreed(ada.person.id)
    worked()
    assert AppliedErasure.objects.filter(kind=death_notes.KIND).exists()

    with time_machine.travel(clock.now() + timedelta(days=46), tick=False):
        forget_erasures()

    assert not AppliedErasure.objects.filter(kind=death_notes.KIND).exists()
