"""A call that left without a record of who received it is noticed."""

from datetime import timedelta
from uuid import UUID

import pytest

from bluegpt.accounts.services.people import create_person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import Disclosure
from bluegpt.studio.models import Call
from bluegpt.studio.queries import evidence

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def caller() -> UUID:
    return create_person(email="ada@example.org", password="Plum-7 tractors sing").id


def called(person_id: UUID, *, days_ago: int = 1, left: bool = True) -> UUID:
    at = clock.now() - timedelta(days=days_ago)
    return Call.objects.create(
        id=new_id(),
        person_id=person_id,
        state="complete",
        model_key="openai/gpt",
        model_name="GPT",
        recipient="openai",
        sku="gpt",
        ceiling_microcredits=1,
        created_at=at,
        dispatched_at=at if left else None,
        ended_at=at,
        lease_until=at,
    ).id


def disclosed(call_id: UUID, person_id: UUID) -> None:
    Disclosure.objects.create(
        call_id=call_id,
        person_id=person_id,
        at=clock.now(),
        purpose="chat_answer",
        basis="contract",
        recipient="openai",
        country="US",
        transfer_basis="scc",
        data_classes="content",
        policy_digest="0" * 64,
    )


def test_each_call_of_the_week_has_its_record(caller: UUID) -> None:
    disclosed(called(caller), caller)
    called(caller, left=False)
    called(caller, days_ago=8)
    called(new_id())  # of somebody who erased their account, and the records with it

    assert evidence.calls().startswith("1 calls left")


def test_a_call_without_a_record_is_named(caller: UUID) -> None:
    disclosed(called(caller), caller)
    silent = called(caller)

    with pytest.raises(NoEvidence, match=str(silent)):
        evidence.calls()
