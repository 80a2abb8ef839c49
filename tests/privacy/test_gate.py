"""Personal data leaves through the gate, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.gate import (
    AddressNotDeclared,
    DisclosureConflict,
    NotCleared,
    RecipientNotStated,
    TransferLapsed,
)
from bluegpt.privacy.models import Disclosure, Pseudonym
from bluegpt.privacy.queries import standing
from bluegpt.privacy.queries.manifest import policy_digest, recipient
from bluegpt.privacy.services import gate, pseudonyms
from bluegpt.privacy.types.clearances import Clearance
from tests.privacy import newcomers

CONTENT = frozenset({DataClass.CONTENT})

STATED = """
[recipients.compatible]
company = "Hébergeur SAS"
country = "FR"
transfer = "within_eea"
keeps_prompts_days = 0
trains_on_prompts = false
terms_url = "https://hebergeur.example/terms"
dpa_url = "https://hebergeur.example/dpa"
review_by = 2027-05-31
source = "signed on 3 November 2026"
"""


@pytest.fixture(autouse=True)
def _in_november_2026() -> object:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        yield


def leave(
    person_id: UUID,
    recipient: str = "openai",
    *,
    purpose: str = "chat_answer",
    data_classes: frozenset[DataClass] = CONTENT,
) -> Clearance:
    return gate.clear(
        person_id=person_id, recipient=recipient, purpose=purpose, data_classes=data_classes
    )


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_clearance_says_why_where_and_under_which_policy(person_id: UUID) -> None:
    clearance = leave(person_id)

    assert (clearance.purpose, clearance.basis) == ("chat_answer", "contract")
    assert (clearance.recipient, clearance.country) == ("openai", "US")
    assert clearance.transfer_basis == "scc"
    assert clearance.data_classes == CONTENT
    assert clearance.policy_digest == policy_digest()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["local", "sandbox"])
def test_what_stays_on_this_machine_is_no_transfer(person_id: UUID, key: str) -> None:
    clearance = leave(person_id, key)

    assert (clearance.country, clearance.transfer_basis) == ("FR", "none")


@pytest.mark.parametrize(
    "asked",
    [
        {"purpose": "newsletter"},
        {"purpose": "account"},
        {"recipient": "somebody"},
        {"data_classes": frozenset()},
        {"data_classes": frozenset({DataClass.IDENTITY})},
        {"data_classes": CONTENT | {DataClass.SECURITY}},
    ],
    # A set shows its members in an order of its own; parallel runs need the same names.
    ids=[
        "unknown purpose",
        "purpose without this class",
        "unknown recipient",
        "no class",
        "identity",
        "content and security",
    ],
)
def test_without_a_ground_nothing_leaves(person_id: UUID, asked: dict[str, Any]) -> None:
    with pytest.raises(NotCleared):
        leave(person_id, **asked)


@pytest.mark.parametrize("day", ["2027-06-01", "2030-01-01"])
def test_a_transfer_that_nobody_has_reviewed_is_closed(person_id: UUID, day: str) -> None:
    with time_machine.travel(datetime.fromisoformat(f"{day}T00:00Z"), tick=False):
        for key in ("openai", "anthropic", "google", "mistral"):
            with pytest.raises(TransferLapsed):
                leave(person_id, key)


@pytest.mark.django_db
def test_a_transfer_is_open_on_its_last_day(person_id: UUID) -> None:
    with time_machine.travel(datetime(2027, 5, 31, 23, 59, tzinfo=UTC), tick=False):
        assert leave(person_id, "google").transfer_basis == "adequacy"


@pytest.mark.django_db
def test_a_transfer_reopens_when_the_operator_has_reviewed_it(
    person_id: UUID, overlay: Callable[[str], None]
) -> None:
    overlay(
        "[recipients.openai]\nreview_by = 2028-05-31\n"
        "[transfers.us_standard_clauses]\nreview_by = 2028-05-31\n"
    )

    with time_machine.travel(datetime(2028, 1, 1, tzinfo=UTC), tick=False):
        assert leave(person_id).transfer_basis == "scc"


def test_an_endpoint_of_unknown_company_gets_nothing(
    person_id: UUID, reached_at: Callable[[str, str], None]
) -> None:
    reached_at("compatible", "https://models.example/v1")

    with pytest.raises(RecipientNotStated) as refusal:
        leave(person_id, "compatible")

    assert "privacy.toml" in str(refusal.value)
    assert not recipient("compatible").is_stated


@pytest.mark.django_db
def test_an_endpoint_on_this_machine_needs_no_company(
    person_id: UUID, reached_at: Callable[[str, str], None]
) -> None:
    reached_at("compatible", "http://127.0.0.1:8080/v1")

    clearance = leave(person_id, "compatible")

    assert (clearance.recipient, clearance.transfer_basis) == ("compatible", "none")
    assert recipient("compatible").is_stated


@pytest.mark.django_db
def test_an_endpoint_whose_company_the_operator_states_is_open(
    person_id: UUID, overlay: Callable[[str], None], reached_at: Callable[[str, str], None]
) -> None:
    overlay(STATED)
    reached_at("compatible", "https://models.example/v1")
    newcomers.take_on()

    clearance = leave(person_id, "compatible")

    assert (clearance.country, clearance.transfer_basis) == ("FR", "none")
    assert recipient("compatible").company == "Hébergeur SAS"


def test_a_vendor_behind_an_undeclared_address_gets_nothing(
    person_id: UUID, reached_at: Callable[[str, str], None]
) -> None:
    reached_at("openai", "https://relay.example/v1")

    with pytest.raises(AddressNotDeclared):
        leave(person_id)


@pytest.mark.django_db
def test_two_recipients_know_a_person_under_different_names(person_id: UUID) -> None:
    names = {leave(person_id, key).pairwise_id for key in ("openai", "anthropic", "mistral")}

    assert len(names) == 3
    assert not any(str(person_id) in name or person_id.hex in name for name in names)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_recipient_knows_a_person_under_one_name(person_id: UUID) -> None:
    first = leave(person_id).pairwise_id
    pseudonyms.forget_cached()

    assert leave(person_id).pairwise_id == first
    assert leave(new_id()).pairwise_id != first


@pytest.mark.django_db(transaction=True)
def test_the_gate_costs_two_queries_and_then_none_for_a_moment(
    person_id: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    leave(person_id)
    pseudonyms.forget_cached()
    standing.forget_cached()

    with django_assert_num_queries(2):
        leave(person_id)
    with django_assert_num_queries(0):
        leave(person_id)


@pytest.mark.django_db(transaction=True)
def test_a_name_that_was_rolled_back_is_not_used_again(person_id: UUID) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = leave(person_id).pairwise_id
        raise ZeroDivisionError

    assert leave(person_id).pairwise_id != lost
    assert Pseudonym.objects.filter(person_id=person_id).count() == 1


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_call_is_disclosed_once_however_often_it_is_said(person_id: UUID) -> None:
    clearance, call_id = leave(person_id), new_id()

    gate.disclose(clearance, call_id=call_id)
    gate.disclose(clearance, call_id=call_id)

    row = Disclosure.objects.get(call_id=call_id)
    assert (row.person_id, row.purpose, row.basis) == (person_id, "chat_answer", "contract")
    assert (row.recipient, row.country, row.transfer_basis) == ("openai", "US", "scc")
    assert (row.data_classes, row.policy_digest) == ("content", policy_digest())


@pytest.mark.both_databases
@pytest.mark.django_db
def test_one_call_cannot_be_disclosed_to_two_recipients(person_id: UUID) -> None:
    call_id = new_id()
    gate.disclose(leave(person_id), call_id=call_id)

    with pytest.raises(DisclosureConflict):
        gate.disclose(leave(person_id, "mistral"), call_id=call_id)

    assert Disclosure.objects.get(call_id=call_id).recipient == "openai"


@pytest.mark.django_db(transaction=True)
def test_a_disclosure_falls_with_the_transaction_it_belongs_to(person_id: UUID) -> None:
    clearance = leave(person_id)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        gate.disclose(clearance, call_id=new_id())
        raise ZeroDivisionError

    assert not Disclosure.objects.filter(person_id=person_id).exists()
