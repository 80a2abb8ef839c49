"""Nothing leaves for an authority before two different people have approved it under a hold."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.matters import (
    AlreadyDecided,
    AuthorityRequestIncomplete,
    NotApprovedByTwo,
    SecondPersonNeeded,
)
from bluegpt.privacy.models import AuthorityRequest, StaffAct
from bluegpt.privacy.queries.holds import held_classes, holds_of
from bluegpt.privacy.services import authorities, holds
from bluegpt.privacy.services.authorities import Demand
from bluegpt.privacy.types.authorities import Authority, AuthorityState
from tests.backoffice.conftest import LogIn, MakeStaff

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def _demand(**said: object) -> Demand:
    now = clock.now()
    given: dict[str, object] = {
        "authority": "Tribunal judiciaire de Paris",
        "reference": "26/1234",
        "law": "Code de procédure pénale, art. 60-1",
        "data_classes": (DataClass.IDENTITY,),
        "received_at": now,
        "hold_until": now.date() + timedelta(days=90),
    }
    return Demand(**given | said)  # type: ignore[arg-type]


@pytest.fixture
def recorded(ada: Person) -> Authority:
    return authorities.record(actor_id=new_id(), person_id=ada.id, demand=_demand())


def test_recording_a_request_keeps_the_data(recorded: Authority, ada: Person) -> None:
    assert held_classes(ada.id) == {DataClass.IDENTITY}
    assert recorded.state is AuthorityState.RECORDED


@pytest.mark.parametrize(
    "said", [{"authority": " "}, {"law": ""}, {"data_classes": ()}], ids=["who", "law", "what"]
)
def test_a_request_without_one_of_its_parts_is_refused(
    ada: Person, said: dict[str, object]
) -> None:
    with pytest.raises(AuthorityRequestIncomplete):
        authorities.record(actor_id=new_id(), person_id=ada.id, demand=_demand(**said))


@pytest.mark.parametrize("approvals", [0, 1])
def test_nothing_leaves_with_fewer_than_two_approvals(recorded: Authority, approvals: int) -> None:
    for _ in range(approvals):
        authorities.approve(actor_id=new_id(), request_id=recorded.id)

    with pytest.raises(NotApprovedByTwo):
        authorities.export(actor_id=new_id(), request_id=recorded.id)

    assert not StaffAct.objects.filter(verb="authority.export").exists()


def test_the_same_person_is_not_two(recorded: Authority) -> None:
    someone = new_id()
    authorities.approve(actor_id=someone, request_id=recorded.id)

    with pytest.raises(SecondPersonNeeded):
        authorities.approve(actor_id=someone, request_id=recorded.id)


@pytest.mark.parametrize(
    "columns",
    [
        {"second_approver": "first"},
        {"exported_at": "now"},
    ],
    ids=["one person twice", "export without approvals"],
)
def test_the_database_refuses_it_too(recorded: Authority, columns: dict[str, str]) -> None:
    someone, now = new_id(), clock.now()
    values = {"first": someone, "now": now}
    changes = {"first_approver": someone} | {name: values[key] for name, key in columns.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        AuthorityRequest.objects.filter(id=recorded.id).update(**changes)


def test_nothing_leaves_when_the_hold_was_lifted(recorded: Authority, ada: Person) -> None:
    for _ in range(2):
        authorities.approve(actor_id=new_id(), request_id=recorded.id)
    [hold] = holds_of(ada.id)
    holds.lift(actor_id=new_id(), hold_id=hold.id)

    with pytest.raises(NotApprovedByTwo):
        authorities.export(actor_id=new_id(), request_id=recorded.id)


def test_nothing_leaves_of_a_request_that_was_refused(recorded: Authority) -> None:
    for _ in range(2):
        authorities.approve(actor_id=new_id(), request_id=recorded.id)
    authorities.refuse(actor_id=new_id(), request_id=recorded.id)

    with pytest.raises(NotApprovedByTwo):
        authorities.export(actor_id=new_id(), request_id=recorded.id)
    with pytest.raises(AlreadyDecided):
        authorities.approve(actor_id=new_id(), request_id=recorded.id)


def test_what_leaves_is_the_scope_and_nothing_beside_it(
    ada: Person, nora: Person, make_staff: MakeStaff, log_in: LogIn
) -> None:
    otto = make_staff("otto@example.org")
    request = authorities.record(actor_id=nora.id, person_id=ada.id, demand=_demand())
    for approver in (nora, otto):
        log_in(approver).post(f"/staff/authorities/{request.id}/approval")

    response = log_in(nora).post(f"/staff/authorities/{request.id}/export")
    lines = [json.loads(line) for line in response.getvalue().splitlines()]

    assert {line["email"] for line in lines if line["table"] == "accounts.Person"} == {ada.email}
    assert not any("password" in line for line in lines)
    row = AuthorityRequest.objects.get()
    assert row.exported_at is not None
    assert len(row.exported_sha256) == 64
