"""What the registers show is held against the log: what does not fit is no evidence."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import AuthorityRequest, LegalHold
from bluegpt.privacy.queries.evidence import matters as evidence
from bluegpt.privacy.services import accesses, breaches, holds, staff_log
from bluegpt.privacy.services.holds import Matter
from bluegpt.privacy.types.accesses import AccessGround
from tests.backoffice.test_breaches import AWARE, FACTS

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with time_machine.travel(AWARE + timedelta(hours=1), tick=False):
        yield


def test_a_look_behind_a_closed_glass_is_noticed(ada: Person, nora: Person) -> None:
    asked = accesses.ask(
        actor_id=nora.id,
        person_id=ada.id,
        ground=AccessGround.ABUSE,
        reason="Report 7",
        minutes=10,
    )
    accesses.approve(actor_id=new_id(), access_id=asked.id)
    accesses.see(actor_id=nora.id, access_id=asked.id, what=new_id())
    assert "each of 1 looks" in evidence.accesses()

    with time_machine.travel(AWARE + timedelta(hours=2), tick=False):
        staff_log.note(actor_id=nora.id, verb="access.see", object_id=asked.id)

        with pytest.raises(NoEvidence, match="closed glass"):
            evidence.accesses()


def test_an_export_that_nobody_approved_is_noticed(ada: Person) -> None:
    staff_log.note(actor_id=None, verb="grant.give", object_id=new_id())
    assert evidence.authorities().startswith("0 requests")

    AuthorityRequest.objects.create(
        person_id=ada.id,
        authority="Tribunal",
        reference="1",
        law="Art. 60-1",
        data_classes="identity",
        received_at=clock.now(),
        recorded_by=new_id(),
        first_approver=new_id(),
        second_approver=new_id(),
        exported_at=clock.now(),
    )

    with pytest.raises(NoEvidence, match="no two approvals"):
        evidence.authorities()


def test_people_at_high_risk_who_were_not_told_are_noticed() -> None:
    made = breaches.record(actor_id=None, facts=FACTS)
    breaches.record(actor_id=None, facts=replace(FACTS, title="Another"))
    assert "2 of high risk" in evidence.breaches()
    breaches.told_people(actor_id=None, breach_id=made.id)

    with (
        time_machine.travel(AWARE + timedelta(hours=72, seconds=1), tick=False),
        pytest.raises(NoEvidence, match="72 hours"),
    ):
        evidence.breaches()


def test_a_hold_that_nobody_placed_is_noticed(ada: Person, nora: Person) -> None:
    until = clock.now().date() + timedelta(days=30)
    matter = Matter(text="Inquiry", law="Art. 60-1", ends_on=until)
    holds.place(actor_id=nora.id, person_id=ada.id, data_classes=[DataClass.CONTENT], matter=matter)
    assert "1 in force" in evidence.holds()

    LegalHold.objects.update(author_id=new_id())

    with pytest.raises(NoEvidence, match="Nobody is known"):
        evidence.holds()
