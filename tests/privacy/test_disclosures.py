"""A disclosure is written once and stays for its term, whatever code asks."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.queries.manifest import manifest

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def disclosed(person_id: UUID, at: datetime) -> Disclosure:
    return Disclosure.objects.create(
        call_id=new_id(),
        person_id=person_id,
        at=at,
        purpose="chat_answer",
        basis="contract",
        recipient="openai",
        country="US",
        transfer_basis="scc",
        data_classes="content",
        policy_digest="0" * 64,
    )


def test_a_disclosure_is_never_changed(person_id: UUID) -> None:
    row = disclosed(person_id, clock.now() - timedelta(days=3000))

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Disclosure.objects.filter(id=row.id).update(recipient="mistral")

    assert Disclosure.objects.get(id=row.id).recipient == "openai"


def test_a_disclosure_can_be_cut_off_from_its_person_and_from_nothing_else(
    person_id: UUID,
) -> None:
    row = disclosed(person_id, clock.now())

    Disclosure.objects.filter(id=row.id).update(person_id=uuid4())

    cut = Disclosure.objects.get(id=row.id)
    assert cut.person_id != person_id
    assert (cut.recipient, cut.at, cut.call_id) == (row.recipient, row.at, row.call_id)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("recipient", "mistral"),
        ("at", datetime(2020, 1, 1, tzinfo=UTC)),
        ("call_id", UUID(int=7)),
        ("policy_digest", "1" * 64),
        ("country", "FR"),
    ],
)
def test_cutting_lets_no_other_change_through(person_id: UUID, column: str, value: object) -> None:
    row = disclosed(person_id, clock.now() - timedelta(days=1))

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Disclosure.objects.filter(id=row.id).update(person_id=uuid4(), **{column: value})

    assert Disclosure.objects.get(id=row.id).person_id == person_id


def test_a_disclosure_is_never_made_to_speak_about_another_account(person_id: UUID) -> None:
    row = disclosed(person_id, clock.now())

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Disclosure.objects.filter(id=row.id).update(person_id=new_id())

    assert Disclosure.objects.get(id=row.id).person_id == person_id


def test_a_disclosure_is_not_deleted_before_its_term(person_id: UUID) -> None:
    row = disclosed(person_id, clock.now() - timedelta(days=5 * 365 - 1))

    with pytest.raises(DatabaseError, match="term"), transaction.atomic():
        Disclosure.objects.filter(id=row.id).delete()

    assert Disclosure.objects.filter(id=row.id).exists()


def test_a_disclosure_can_be_deleted_after_its_term(person_id: UUID) -> None:
    row = disclosed(person_id, clock.now() - timedelta(days=5 * 366 + 1))

    Disclosure.objects.filter(id=row.id).delete()

    assert not Disclosure.objects.filter(id=row.id).exists()


def test_the_database_keeps_disclosures_as_long_as_the_manifest_says() -> None:
    migration = import_module("bluegpt.privacy.migrations.0002_append_only")

    rule = manifest().retention["disclosures"]

    assert (rule.duration.years, rule.duration.months, rule.duration.days) == (
        migration.TERM_YEARS,
        0,
        0,
    )
