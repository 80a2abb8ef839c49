"""Sealing takes what can no longer change, all of it and once; a proof needs one run."""

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from bluegpt.core.ids import new_id
from bluegpt.credits.models import Block, Transfer
from bluegpt.credits.queries import blocks as sealed
from bluegpt.credits.queries.checks.proofs import chained
from bluegpt.credits.rules import merkle
from bluegpt.credits.services import blocks
from tests.credits import books

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of four transfers, blocks of twelve."""
    for module in (merkle, blocks, sealed):
        monkeypatch.setattr(module, "RUN_LEAVES", 4, raising=False)
    monkeypatch.setattr(blocks, "BLOCK_TRANSFERS_MAX", 12)


def _journal(person_id: UUID, lines: int) -> None:
    for _line in range(lines):
        books.grant(person_id, 5)


def _root_by_proof(sequence: int) -> bytes | None:
    proof = sealed.proof(sequence)
    assert proof is not None
    row = next(sealed.leaf_values(after=sequence - 1, until=sequence))
    return merkle.root_from_path(
        merkle.leaf_hash(merkle.leaf_bytes(row)),
        index=proof.index,
        count=Block.objects.get(number=proof.block).transfer_count,
        path=proof.path,
    )


def test_a_journal_is_sealed_in_blocks_that_follow_one_another(
    person_id: UUID, small_blocks: None
) -> None:
    _journal(person_id, 30)

    assert blocks.seal() == 3

    rows = list(Block.objects.order_by("number"))
    assert [row.transfer_count for row in rows] == [12, 12, 6]
    assert [row.previous_digest for row in rows] == [
        merkle.NO_BLOCK,
        rows[0].digest,
        rows[1].digest,
    ]
    found = sealed.head()
    assert found is not None
    assert (found.number, found.digest, found.transfers) == (3, rows[2].digest, 30)
    assert [block.header.digest for block in sealed.chain()] == [row.digest for row in rows]


def test_every_transfer_has_a_proof_that_leads_to_its_block(
    person_id: UUID, small_blocks: None
) -> None:
    _journal(person_id, 30)
    blocks.seal()

    for sequence in Transfer.objects.values_list("sequence", flat=True):
        proof = sealed.proof(sequence)
        assert proof is not None
        root = _root_by_proof(sequence)
        assert root is not None
        assert root.hex() == Block.objects.get(number=proof.block).root


def test_sealing_again_adds_only_what_is_new(person_id: UUID) -> None:
    _journal(person_id, 3)
    assert (blocks.seal(), blocks.seal()) == (1, 0)

    _journal(person_id, 2)

    assert blocks.seal() == 1
    assert list(Block.objects.order_by("number").values_list("transfer_count", flat=True)) == [3, 2]


def test_an_empty_journal_has_no_block_and_no_head(db: None) -> None:
    assert (blocks.seal(), sealed.head(), sealed.proof(1)) == (0, None, None)


def test_what_is_not_sealed_yet_has_no_proof(person_id: UUID) -> None:
    _journal(person_id, 1)
    blocks.seal()
    _journal(person_id, 1)

    newest = Transfer.objects.latest("sequence").sequence

    assert sealed.proof(newest - 1) is not None
    assert sealed.proof(newest) is None


def test_a_leaf_does_not_depend_on_the_database(person_id: UUID) -> None:
    _journal(person_id, 1)
    line = Transfer.objects.get()

    row = next(sealed.leaf_values(after=0, until=line.sequence))

    assert dict(zip(merkle.FIELDS, row, strict=True)) == {
        "sequence": line.sequence,
        "id": line.id.hex,
        "group_id": line.group_id.hex,
        "group_size": 1,
        "debit_account": line.debit_account_id,
        "credit_account": line.credit_account_id,
        "amount": 5,
        "code": "grant",
        "kind": "normal",
        "pending": None,
        "corrects": None,
        "lot": line.group_id.hex,
        "hold": None,
        "reference": line.reference,
        "request_hash": line.request_hash,
        "author": "",
        "reason": "for a test",
        "created_at": line.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "effective_at": line.effective_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def test_the_second_of_two_that_seal_at_once_leaves_the_first_ones_block(
    person_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    _journal(person_id, 3)
    monkeypatch.setattr(sealed, "head", lambda: None)
    blocks.seal()

    assert blocks.seal() == 0

    assert Block.objects.count() == 1


def test_a_smuggled_line_between_two_blocks_breaks_the_chain(person_id: UUID) -> None:
    _journal(person_id, 2)
    blocks.seal()
    line = Transfer.objects.latest("sequence")
    line.id, line.sequence = new_id(), line.sequence + 2
    line.save(force_insert=True)
    blocks.seal()
    assert not chained().is_broken

    line.id, line.sequence = new_id(), line.sequence - 1
    line.save(force_insert=True)

    found = chained()
    assert found.is_broken
    assert found.rows[0].startswith("block 2")


@pytest.fixture
def open_writer(transactional_db: None, person_id: UUID) -> Iterator[threading.Event]:
    """Another connection that has written a line and not committed it, until it is let go."""
    has_written, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            books.grant(person_id, 7)
            has_written.set()
            may_commit.wait(30)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert has_written.wait(30)
    yield may_commit
    may_commit.set()
    writer.join()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_nothing_is_sealed_past_a_writer_who_may_still_commit_a_lower_sequence(
    open_writer: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "_LOOKS_MAX", 2)
    books.grant(new_id(), 9)  # a higher sequence, committed first

    assert blocks.seal() == 0

    open_writer.set()
    monkeypatch.setattr(blocks, "_LOOKS_MAX", 200)
    assert blocks.seal() == 1
    assert Block.objects.get().transfer_count == 2
