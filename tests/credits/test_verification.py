"""Verification finds what was tampered with, and says where."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F, QuerySet

from bluegpt.core.ids import new_id
from bluegpt.credits.models import Account, Draw, Grant, Hold, Transfer
from bluegpt.credits.queries import spans
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.services import blocks
from tests.credits import books

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _smuggle(**changed: object) -> None:
    """Smuggle a copy of the last posted line into the journal, with changes."""
    line = Transfer.objects.filter(kind="post").order_by("-sequence")[0]
    line.sequence, line.id, line.kind, line.pending_id = None, new_id(), "normal", None
    for name, value in changed.items():
        setattr(line, name, value)
    line.save(force_insert=True)


def _wallets() -> QuerySet[Account]:
    return Account.objects.filter(owner_id__isnull=False)


def _holds(state: str) -> QuerySet[Hold]:
    return Hold.objects.filter(state=state)


TAMPERINGS: dict[str, tuple[Callable[[], object], set[str]]] = {
    "less debited": (lambda: _wallets().update(debited=F("debited") - 5), {"3", "5"}),
    "more pending": (lambda: _wallets().update(pending=F("pending") + 5), {"3", "5"}),
    "less used": (
        lambda: Grant.objects.update(used_microcredits=F("used_microcredits") - 5),
        {"3", "4", "5"},
    ),
    "other priority": (lambda: Grant.objects.update(priority=F("priority") * -1), {"10"}),
    "other grant": (lambda: Grant.objects.update(request_hash="0"), {"7"}),
    "other charge": (lambda: _holds("settled").update(charged_microcredits=1), {"6"}),
    "other loss": (lambda: _holds("settled").update(absorbed_microcredits=9), {"4"}),
    "other hold": (lambda: Hold.objects.update(request_hash="0"), {"7"}),
    "more held": (
        lambda: Draw.objects.update(held_microcredits=F("held_microcredits") + 1),
        {"6", "9"},
    ),
    "forgotten": (
        lambda: _holds("held").update(deadline_at=F("deadline_at") - timedelta(days=1)),
        {"9"},
    ),
    "a line too many": (_smuggle, {"1", "4", "5"}),
    "an overdraft": (
        lambda: _smuggle(group_id=new_id(), group_size=1, amount=10**6),
        {"2", "4", "5"},
    ),
    "no such account": (
        lambda: _smuggle(group_id=new_id(), group_size=1, credit_account_id=-999),
        {"1", "5"},
    ),
    "a correction without a ground": (
        lambda: _smuggle(
            group_id=new_id(),
            group_size=1,
            kind="correct",
            author="staff",
            reason="counted twice",
            corrects_id=Transfer.objects.filter(kind="post").latest("sequence").id,
            debit_account_id=-11,
            credit_account_id=_wallets().get().id,
        ),
        {"4", "5", "14"},
    ),
    "a correction beyond its charge": (
        lambda: _smuggle(
            group_id=new_id(),
            group_size=1,
            kind="correct",
            author="staff",
            reason="counted twice",
            reference="case:1",
            corrects_id=Transfer.objects.filter(kind="post").latest("sequence").id,
            debit_account_id=-11,
            credit_account_id=_wallets().get().id,
            amount=601,
        ),
        {"4", "5", "14"},
    ),
    "half a group": (lambda: _smuggle(group_id=new_id(), group_size=2), {"1", "4", "5"}),
}


@pytest.fixture
def busy_books(rich_person: UUID) -> UUID:
    """Two lots of unlike priority, one call settled over both, one under way."""
    books.grant(rich_person, 500, priority=10)
    books.settle(books.hold(rich_person, 700).id, 600)
    books.hold(rich_person, 20)
    assert books.broken() == []
    return rich_person


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_tampering_breaks_its_invariants_and_names_rows(name: str, busy_books: UUID) -> None:
    tamper, invariants = TAMPERINGS[name]

    tamper()

    found = books.broken()

    assert invariants <= {finding.invariant for finding in found}
    assert all(finding.rows for finding in found)


def test_missing_triggers_are_reported(db: None) -> None:
    suffix = " ON credits_transfer" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER credits_transfer_no_delete{suffix}")

    assert [finding.invariant for finding in books.broken()] == ["0"]


def _without_trigger(table: str, sql: str) -> None:
    """What somebody does who has the database to themselves."""
    suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_no_update{suffix}")
        cursor.execute(sql)


CHAIN_TAMPERINGS = {
    "another reason": ("credits_transfer", "UPDATE credits_transfer SET reason = 'none'"),
    "another root": ("credits_block", "UPDATE credits_block SET root = digest"),
    "other bounds": ("credits_block", "UPDATE credits_block SET transfer_count = 1"),
    "another digest": ("credits_block", "UPDATE credits_block SET digest = root"),
    "other runs": ("credits_block", "UPDATE credits_block SET branches = substr(branches, 2)"),
    "another start": ("credits_block", "UPDATE credits_block SET previous_digest = digest"),
}


@pytest.mark.parametrize("name", CHAIN_TAMPERINGS)
def test_what_was_sealed_gives_an_edit_away_that_all_sums_survive(
    name: str, busy_books: UUID
) -> None:
    blocks.seal()
    assert books.broken() == []

    _without_trigger(*CHAIN_TAMPERINGS[name])

    found = books.broken()
    assert [finding.invariant for finding in found] == ["0", "chain"]
    assert found[1].rows[0].startswith("block 1")


def test_empty_books_add_up(db: None) -> None:
    assert books.broken() == []


def test_small_spans_find_the_same(busy_books: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    for _more in range(3):
        person_id = new_id()
        books.grant(person_id, 50)
        books.settle(books.hold(person_id, 40).id, 30)
    at_once = list(verify())

    monkeypatch.setattr(spans, "SPAN_ROWS", 2)

    assert list(verify()) == at_once
    assert {finding.invariant for finding in at_once} == {
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "9",
        "10",
        "13",
        "14",
        "15",
        "chain",
    }


@pytest.mark.django_db(transaction=True)
def test_verification_reads_one_state_and_leaves_no_transaction_open(rich_person: UUID) -> None:
    with closing(verify()) as findings:
        assert not next(findings).is_broken

    assert books.hold(rich_person, 1).amount_microcredits == 1
