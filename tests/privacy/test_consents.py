"""Decisions are kept as they were made, refusals too, and the chain shows that none was altered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.choices import ConsentMissing
from bluegpt.privacy.models import Consent, ConsentLink, ConsentScreen
from bluegpt.privacy.queries import consents
from bluegpt.privacy.queries.manifest import manifest, policy_digest
from bluegpt.privacy.services import gate
from bluegpt.privacy.services.consents import decide
from bluegpt.privacy.types.consents import ConsentAction, ConsentMethod, Deciding, Screen
from tests.privacy import newcomers

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SCREEN = Screen(text="May we count visits?\nAgree\nRefuse", language="en")
SAMPLING = """
[purposes.sampling]
name = "Sampling"
why = "Asking what you think"
role = "controller"
recipients = ["mistral"]
[purposes.sampling.bases]
content = "consent"
"""


def said(
    person_id: UUID | None,
    action: ConsentAction,
    *,
    purpose: str = "sampling",
    expires_at: datetime | None = None,
) -> int:
    [number] = decide(
        Deciding(
            person_id=person_id,
            device="" if person_id else "a-browser",
            decisions={purpose: action},
            method=ConsentMethod.FORM,
            screen=SCREEN,
            expires_at=expires_at or clock.now() + timedelta(days=180),
        )
    )
    return number


def test_a_refusal_is_kept_like_an_agreement_with_its_screen(person_id: UUID) -> None:
    for action in (ConsentAction.GIVEN, ConsentAction.REFUSED):
        said(person_id, action)

    kept = consents.consents(person_id)

    assert [line.action for line in kept] == ["refused", "given"]
    assert {(line.method, line.language, line.policy_digest) for line in kept} == {
        ("form", "en", policy_digest())
    }
    assert {consents.screen_of(person_id=person_id, number=line.number) for line in kept} == {
        SCREEN
    }
    assert ConsentScreen.objects.count() == 1


def test_nobody_else_sees_the_decision_or_its_screen(person_id: UUID) -> None:
    number = said(person_id, ConsentAction.GIVEN)

    assert consents.consents(UUID(int=1)) == ()
    assert consents.screen_of(person_id=UUID(int=1), number=number) is None


def test_a_purpose_that_asks_is_shut_until_the_agreement_and_after_the_withdrawal(
    person_id: UUID, overlay: Callable[[str], None]
) -> None:
    overlay(SAMPLING)
    newcomers.take_on()

    def leave() -> str:
        clearance = gate.clear(
            person_id=person_id,
            recipient="mistral",
            purpose="sampling",
            data_classes=frozenset({DataClass.CONTENT}),
        )
        return clearance.basis

    with pytest.raises(ConsentMissing):
        leave()
    said(person_id, ConsentAction.REFUSED)
    with pytest.raises(ConsentMissing):
        leave()
    said(person_id, ConsentAction.GIVEN)
    assert leave() == "consent"
    said(person_id, ConsentAction.WITHDRAWN)
    with pytest.raises(ConsentMissing):
        leave()


def test_an_agreement_ends_with_its_term(person_id: UUID) -> None:
    said(person_id, ConsentAction.GIVEN, expires_at=clock.now() - timedelta(seconds=1))

    assert not consents.is_given(person_id=person_id, purpose="sampling")


def test_an_agreement_is_for_its_purpose_and_its_person(person_id: UUID) -> None:
    said(person_id, ConsentAction.GIVEN)

    assert consents.is_given(person_id=person_id, purpose="sampling")
    assert not consents.is_given(person_id=person_id, purpose="other")
    assert not consents.is_given(person_id=UUID(int=1), purpose="sampling")


@pytest.mark.parametrize("model", [Consent, ConsentLink, ConsentScreen])
def test_what_is_written_is_never_changed_and_stays_for_its_term(
    person_id: UUID, model: type[Consent] | type[ConsentLink] | type[ConsentScreen]
) -> None:
    said(person_id, ConsentAction.GIVEN)
    changes = {Consent: "action", ConsentLink: "commitment", ConsentScreen: "text"}

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        model.objects.update(**{changes[model]: "refused"})
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        model.objects.all().delete()


def test_a_decision_may_go_after_its_term_and_the_chain_holds(person_id: UUID) -> None:
    long_ago = clock.now() - timedelta(days=5 * 366 + 1)
    first = said(person_id, ConsentAction.GIVEN, expires_at=long_ago)
    said(person_id, ConsentAction.REFUSED)

    Consent.objects.filter(number=first).delete()

    state = consents.chain_state()
    assert (state.links, state.erased, state.broken) == (2, 1, ())


def test_the_database_keeps_decisions_as_long_as_the_manifest_says() -> None:
    migration = import_module("bluegpt.privacy.migrations.0013_consents")

    rule = manifest().retention["consents"]

    assert (rule.duration.years, rule.duration.months) == (migration.TERM_YEARS, 0)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("privacy_consent", "purpose"),
        ("privacy_consentlink", "commitment"),
        ("privacy_consentlink", "digest"),
    ],
)
def test_whoever_alters_a_row_behind_the_triggers_breaks_the_chain(
    person_id: UUID, table: str, column: str
) -> None:
    for action in (ConsentAction.GIVEN, ConsentAction.REFUSED, ConsentAction.GIVEN):
        said(person_id, action)
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_is_final{on}")
        cursor.execute(f"UPDATE {table} SET {column} = 'altered' WHERE number = 2")  # noqa: S608

    assert 2 in consents.chain_state().broken


def test_the_head_of_a_day_is_the_digest_of_its_last_decision(person_id: UUID) -> None:
    numbers = [said(person_id, ConsentAction.GIVEN) for _ in range(3)]

    [head] = consents.day_heads()

    assert (head.on, head.number) == (datetime.now(UTC).date(), numbers[-1])
    assert head.digest == consents.chain_state().head
