"""What a person has chosen holds at the gate, from the moment of the choice."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from django.db import transaction

from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.choices import (
    CannotObject,
    KeepsPrompts,
    ObjectedTo,
    OutsideEea,
    TermNotOffered,
    UseRestricted,
)
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.privacy.models import Choice, Disclosure
from bluegpt.privacy.queries import standing as standing_queries
from bluegpt.privacy.queries.standing import closed_recipients, standing
from bluegpt.privacy.services import choices, gate
from bluegpt.privacy.types.choices import FREE, Standing
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.privacy.types.durations import Duration
from tests.privacy import newcomers

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

# A use that rests on an interest of the operator and that a switch can end.
IMPROVING = """
[purposes.improving]
name = "Improving answers"
why = "Reading samples"
balancing = "Weighed"
role = "controller"
recipients = ["mistral"]
[purposes.improving.bases]
content = "legitimate_interest"
"""


@pytest.fixture(autouse=True)
def _in_november_2026() -> object:
    with time_machine.travel(datetime(2026, 11, 28, 12, tzinfo=UTC), tick=False):
        yield


def leave(person_id: UUID, recipient: str, purpose: str = "chat_answer") -> Clearance:
    return gate.clear(
        person_id=person_id,
        recipient=recipient,
        purpose=purpose,
        data_classes=frozenset({DataClass.CONTENT}),
    )


def test_whoever_has_chosen_nothing_stands_free(person_id: UUID) -> None:
    assert standing(person_id) == FREE
    assert closed_recipients(person_id) == {}


def test_a_freeze_lets_nothing_out_until_it_is_lifted(person_id: UUID) -> None:
    choices.restrict(person_id=person_id)

    assert standing(person_id).restricted_at == datetime(2026, 11, 28, 12, tzinfo=UTC)
    for recipient in ("local", "mistral", "openai"):
        with pytest.raises(UseRestricted, match="frozen"):
            leave(person_id, recipient)
    choices.lift(person_id=person_id)
    assert leave(person_id, "openai").recipient == "openai"


def test_another_persons_freeze_is_theirs_alone(person_id: UUID) -> None:
    choices.restrict(person_id=new_id())

    assert leave(person_id, "openai").recipient == "openai"


def test_a_second_freeze_keeps_the_time_of_the_first(person_id: UUID) -> None:
    choices.restrict(person_id=person_id)

    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        choices.restrict(person_id=person_id)

    assert standing(person_id).restricted_at == datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert Choice.objects.filter(person_id=person_id).count() == 1


def test_only_the_area_leaves_what_stays_in_it(person_id: UUID) -> None:
    choices.allow_only_eea(person_id=person_id)

    assert leave(person_id, "mistral").country == "FR"
    assert leave(person_id, "local").country == "FR"
    for recipient in ("anthropic", "google", "openai"):
        with pytest.raises(OutsideEea, match="European Economic Area"):
            leave(person_id, recipient)
    closed = set(closed_recipients(person_id))
    assert closed == {"anthropic", "compatible", "google", "openai", "vertex", "xai"}


def test_an_operator_outside_the_area_is_outside_it(
    person_id: UUID, overlay: Callable[[str], None]
) -> None:
    overlay('[operator]\ncountry = "US"\n')
    choices.allow_only_eea(person_id=person_id)

    with pytest.raises(OutsideEea):
        leave(person_id, "local")


def test_without_keepers_only_what_keeps_nothing_is_left(person_id: UUID) -> None:
    choices.allow_no_keepers(person_id=person_id)

    assert leave(person_id, "local").recipient == "local"
    for recipient in ("anthropic", "google", "mistral", "openai"):
        with pytest.raises(KeepsPrompts, match="keeps what you write"):
            leave(person_id, recipient)


def test_an_agreement_without_keeping_opens_the_provider_again(
    person_id: UUID, overlay: Callable[[str], None]
) -> None:
    overlay("[recipients.mistral]\nkeeps_prompts_days = 0\n")
    newcomers.take_on()
    choices.allow_no_keepers(person_id=person_id)

    assert leave(person_id, "mistral").recipient == "mistral"


def test_limits_can_be_taken_back(person_id: UUID) -> None:
    choices.allow_only_eea(person_id=person_id)
    choices.allow_no_keepers(person_id=person_id)

    choices.allow_all_countries(person_id=person_id)
    choices.allow_keepers(person_id=person_id)

    assert standing(person_id) == FREE


def test_an_objection_closes_its_purpose_and_no_other(
    person_id: UUID, overlay: Callable[[str], None]
) -> None:
    overlay(IMPROVING)
    newcomers.take_on()
    assert leave(person_id, "mistral", "improving").basis == "legitimate_interest"

    choices.object_to(person_id=person_id, purpose="improving")

    with pytest.raises(ObjectedTo, match="objected"):
        leave(person_id, "mistral", "improving")
    assert leave(person_id, "mistral").purpose == "chat_answer"
    choices.withdraw_objection(person_id=person_id, purpose="improving")
    assert leave(person_id, "mistral", "improving").purpose == "improving"


@pytest.mark.parametrize("purpose", ["chat_answer", "account", "security", "newsletter"])
def test_no_switch_ends_a_contract_a_duty_or_an_overriding_interest(
    person_id: UUID, purpose: str
) -> None:
    with pytest.raises(CannotObject):
        choices.object_to(person_id=person_id, purpose=purpose)

    assert standing(person_id) == FREE


def test_a_clearance_from_before_the_choice_discloses_nothing(person_id: UUID) -> None:
    clearance = leave(person_id, "openai")

    choices.allow_only_eea(person_id=person_id)

    with pytest.raises(OutsideEea):
        gate.disclose(clearance, call_id=new_id())
    choices.allow_all_countries(person_id=person_id)
    choices.restrict(person_id=person_id)
    with pytest.raises(UseRestricted):
        gate.disclose(clearance, call_id=new_id())
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("term", "span"),
    [("P3M", Duration(months=3)), ("P1Y", Duration(years=1)), ("P3Y", Duration(years=3))],
)
def test_content_stays_as_long_as_the_person_chose(
    person_id: UUID, term: str, span: Duration
) -> None:
    choices.choose_content_term(person_id=person_id, term=term)

    assert standing(person_id) == Standing(content_term=span)
    choices.choose_content_term(person_id=person_id, term="P30D")
    assert standing(person_id) == FREE


@pytest.mark.parametrize("term", ["P4Y", "P29D", "", "forever"])
def test_no_term_beyond_the_policy_can_be_chosen(person_id: UUID, term: str) -> None:
    with pytest.raises(TermNotOffered):
        choices.choose_content_term(person_id=person_id, term=term)


def test_every_refusal_of_a_choice_is_one_of_the_gate() -> None:
    kinds = (UseRestricted, ObjectedTo, OutsideEea, KeepsPrompts)

    assert all(issubclass(kind, NotCleared) for kind in kinds)
    assert len({str(kind.sentence) for kind in kinds}) == len(kinds)


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_choice_that_is_rolled_back_never_was(person_id: UUID) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        choices.restrict(person_id=person_id)
        assert standing(person_id).is_restricted
        raise ZeroDivisionError

    assert standing(person_id) == FREE


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_choice_counts_though_the_standing_was_just_remembered(person_id: UUID) -> None:
    assert standing(person_id) == FREE

    choices.restrict(person_id=person_id)

    assert standing(person_id).is_restricted


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_choice_made_elsewhere_counts_after_a_moment(
    person_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_queries, "TTL_S", 0.2)
    assert standing(person_id) == FREE
    Choice.objects.create(
        person_id=person_id, kind="restriction", at=datetime(2026, 11, 28, tzinfo=UTC)
    )  # as another process would, without telling this one
    assert standing(person_id) == FREE

    time.sleep(0.25)
    assert standing(person_id).is_restricted
