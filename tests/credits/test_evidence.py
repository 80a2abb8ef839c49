"""Corrections that do not add up, or do not say who and why, are noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from bluegpt.core.ids import new_id
from bluegpt.credits.models import Case, Grant, Transfer
from bluegpt.credits.queries import evidence
from bluegpt.credits.services import cases
from bluegpt.credits.services.cases import Answer
from tests.credits import books

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture
def corrected(rich_person: UUID) -> UUID:
    """A call that was contested and of which 50 came back; the case."""
    ticket = books.hold(rich_person, 300)
    books.settle(ticket.id, 120)
    case_id = cases.dispute(person_id=rich_person, hold_id=ticket.id, words="It was empty.")
    cases.answer(Answer(case_id=case_id, author="anna", words="It was.", give_back_microcredits=50))
    return case_id


def test_a_correction_with_its_author_reason_and_line_is_evidence(corrected: UUID) -> None:
    assert "1 lines were contested, 0 wait" in evidence.cases()
    assert "1 corrections" in evidence.cases()


def test_a_correction_that_gave_more_than_its_lines_is_noticed(corrected: UUID) -> None:
    Grant.objects.filter(source_kind="correction").update(amount_microcredits=51)

    with pytest.raises(evidence.BooksUnsound, match="not balanced"):
        evidence.cases()


def test_a_correction_of_which_the_books_know_nothing_is_noticed(corrected: UUID) -> None:
    Case.objects.filter(id=corrected).update(correction_id=new_id())

    with pytest.raises(evidence.BooksUnsound, match="not balanced"):
        evidence.cases()


@contextmanager
def tampered(change: dict[str, Any]) -> Iterator[None]:
    """The corrections as somebody who has the database to themselves changes them; put back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER credits_transfer_no_update")
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            Transfer.objects.filter(kind="correct").update(**change)
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "change",
    [
        {"author": ""},
        {"reason": ""},
        {"reference": ""},
        {"corrects_id": None},
        {"corrects_id": Transfer.objects.filter(code="grant").values("id")[:1]},
        {"hold_id": None},
    ],
)
def test_a_correction_that_does_not_say_who_why_or_what_is_noticed(
    corrected: UUID, change: dict[str, Any]
) -> None:
    with tampered(change), pytest.raises(evidence.BooksUnsound, match="does not say"):
        evidence.cases()

    assert "1 corrections" in evidence.cases()
