"""Every night the books are verified, what was found is kept, and the journal is sealed."""

import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from bluegpt.credits.jobs import seal_journal, verify_books
from bluegpt.credits.models import Account, Block, Transfer, Verification
from bluegpt.credits.queries.last_check import last_check
from bluegpt.credits.rules.nights import last_night
from bluegpt.credits.services.verifications import verify_and_keep
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

_THREE = datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (_THREE, _THREE),
        (_THREE - timedelta(microseconds=1), _THREE - timedelta(days=1)),
        (_THREE + timedelta(hours=20), _THREE),
        (datetime.fromisoformat("2026-11-23T03:59:59+01:00"), _THREE - timedelta(days=1)),
    ],
)
def test_a_night_begins_at_three_in_the_morning(now: datetime, night: datetime) -> None:
    assert last_night(now) == night


def test_what_was_found_is_kept_and_the_journal_is_sealed(rich_person: UUID) -> None:
    books.settle(books.hold(rich_person, 50).id, 40)

    found = verify_and_keep()

    kept = Verification.objects.get()
    assert found.is_sound
    assert kept.is_sound
    assert kept.transfer_count == Transfer.objects.count()
    assert kept.last_sequence == Transfer.objects.latest("sequence").sequence
    assert [each["invariant"] for each in kept.findings][:3] == ["0", "1", "3"]
    assert kept.head_digest == ""
    assert Block.objects.get().transfer_count == kept.transfer_count


def test_the_next_one_names_the_head_that_it_has_checked(rich_person: UUID) -> None:
    seal_journal()

    verify_and_keep()

    assert Verification.objects.get().head_digest == Block.objects.get().digest


def test_books_that_do_not_add_up_are_said_at_the_highest_level(
    rich_person: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    Account.objects.filter(owner_id=rich_person).update(credited=1_001)

    with caplog.at_level(logging.CRITICAL):
        verify_and_keep()

    assert not Verification.objects.get().is_sound
    said = [record.getMessage() for record in caplog.records]
    assert any("invariant 5: wallet" in sentence for sentence in said)
    seen = last_check()
    assert seen is not None
    assert not seen.is_sound


def test_the_job_verifies_once_a_night(rich_person: UUID, database_clock: Clock) -> None:
    verify_books()
    database_clock.advance(3_600)
    verify_books()
    assert Verification.objects.count() == 1

    database_clock.now = _THREE + timedelta(days=1)
    verify_books()

    assert Verification.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_job_leaves_no_transaction_open_and_its_finding_is_committed(
    rich_person: UUID,
) -> None:
    verify_books()

    assert not connection.in_atomic_block
    assert Verification.objects.get().is_sound
    assert Block.objects.get().transfer_count == 1
    assert books.hold(rich_person, 1).amount_microcredits == 1
