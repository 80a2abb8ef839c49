"""A period is found and summed at the cost of its shorter side, and to the microcredit."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from bluegpt.core.ids import new_id
from bluegpt.credits.models import Transfer
from bluegpt.credits.queries import movements
from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.queries.movements import middle_of, posted_before, range_of
from bluegpt.credits.queries.statements import statement
from bluegpt.credits.services import ledger
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def wallet_id(person_id: UUID, price_version: int, database_clock: Clock) -> int:
    """Ten calls, a second apart, some released, between those of somebody else."""
    other = new_id()
    books.grant(other, 10_000)
    books.grant(person_id, 5_000)
    for number in range(10):
        database_clock.advance(1)
        call = books.hold(person_id, 50)
        books.settle(books.hold(other, 7).id, 7)
        if number % 4 == 3:
            ledger.release(hold_id=call.id, reason="stop")
        else:
            books.settle(call.id, 10 + number)
    found = wallet_of(person_id)
    assert found is not None
    return found


def _summed(wallet_id: int, before: int) -> int:
    """Line by line, without a thought for cost."""
    posted = Transfer.objects.filter(kind__in=("normal", "post", "correct"), sequence__lt=before)
    came = posted.filter(credit_account_id=wallet_id).aggregate(sum=Sum("amount"))["sum"] or 0
    went = posted.filter(debit_account_id=wallet_id).aggregate(sum=Sum("amount"))["sum"] or 0
    return int(came - went)


def test_sums_forwards_and_backwards_meet_at_every_line(wallet_id: int) -> None:
    last = Transfer.objects.latest("sequence").sequence

    for sequence in range(last + 3):
        assert posted_before(wallet_id, sequence) == _summed(wallet_id, sequence)


def test_an_instant_is_found_to_the_line(wallet_id: int, database_clock: Clock) -> None:
    mine = Transfer.objects.filter(debit_account_id=wallet_id) | Transfer.objects.filter(
        credit_account_id=wallet_id
    )
    ends = database_clock.now + timedelta(days=1)

    for line in mine:
        period = range_of(wallet_id=wallet_id, from_at=line.created_at, until_at=ends)
        after = range_of(
            wallet_id=wallet_id, from_at=line.created_at + timedelta(microseconds=1), until_at=ends
        )
        first = mine.filter(created_at__gte=line.created_at).earliest("sequence").sequence
        assert period.first == first
        assert after.first > line.sequence
        assert after.end == mine.latest("sequence").sequence + 1


def test_a_period_that_ends_before_it_begins_is_empty(
    wallet_id: int, database_clock: Clock
) -> None:
    period = range_of(
        wallet_id=wallet_id,
        from_at=database_clock.now,
        until_at=database_clock.now - timedelta(seconds=5),
    )

    assert period.end == period.first


def test_batches_of_any_size_give_the_same_lines(
    person_id: UUID, wallet_id: int, database_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = database_clock.now + timedelta(seconds=1)
    begins = ends - timedelta(hours=1)
    at_once = statement(person_id=person_id, from_at=begins, until_at=ends)

    monkeypatch.setattr(movements, "_BATCH_LINES", 1)

    assert statement(person_id=person_id, from_at=begins, until_at=ends) == at_once
    assert len(at_once.lines) == 9


def test_a_page_asks_for_its_own_lines_alone(
    person_id: UUID, wallet_id: int, database_clock: Clock
) -> None:
    begins = database_clock.now - timedelta(hours=1)
    ends = database_clock.now + timedelta(seconds=1)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = statement(person_id=person_id, from_at=begins, until_at=ends, limit=3)

    lines = [query["sql"] for query in asked if "corrects_id" in query["sql"]]
    assert len(page.lines) == 3
    assert len(lines) == 1
    assert "LIMIT" in lines[0]


def test_the_middle_of_a_history_is_one_of_its_instants(wallet_id: int) -> None:
    mine = Transfer.objects.filter(debit_account_id=wallet_id).order_by("sequence")
    instants = [line.created_at for line in mine]

    assert middle_of(wallet_id) in instants[1:-1]


def test_a_wallet_without_lines_has_no_middle_and_no_sum(db: None) -> None:
    assert (middle_of(7), posted_before(7, 10)) == (None, 0)
