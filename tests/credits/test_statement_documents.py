"""A statement as a file: it says what the page says, streams, and neutralises formulas."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits.queries import movements, statement_documents
from bluegpt.credits.queries.statement_documents import as_csv, as_json
from bluegpt.credits.queries.statements import statement
from bluegpt.credits.rules import merkle
from bluegpt.credits.services import blocks, corrections, ledger
from bluegpt.credits.types import TransferCode
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _document(person_id: UUID, from_at: datetime, until_at: datetime) -> Any:
    return json.loads(b"".join(as_json(person_id=person_id, from_at=from_at, until_at=until_at)))


def _rows(person_id: UUID, from_at: datetime, until_at: datetime) -> list[dict[str, str]]:
    text = b"".join(as_csv(person_id=person_id, from_at=from_at, until_at=until_at)).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def start(person_id: UUID, price_version: int, database_clock: Clock) -> datetime:
    """Two grants, a call over both and a step, its correction, all sealed; a call that is not."""
    begun = database_clock.now
    books.grant(person_id, 100, priority=10)
    books.grant(person_id, 1_000)
    database_clock.advance(60)
    call = books.hold(person_id, 150)
    ledger.hold_more(hold_id=call.id, step_id=new_id(), amount_microcredits=200)
    database_clock.advance(60)
    books.settle(call.id, 300)
    database_clock.advance(60)
    corrections.give_back(
        correction_id=uuid4(),
        hold_id=call.id,
        amount_microcredits=40,
        author="staff",
        reason="counted twice",
        reference="case:1",
    )
    blocks.seal()
    database_clock.advance(60)
    books.settle(books.hold(person_id, 10).id, 5)
    database_clock.advance(60)
    return begun


def test_a_document_says_what_the_statement_says(
    person_id: UUID, start: datetime, database_clock: Clock
) -> None:
    page = statement(person_id=person_id, from_at=start, until_at=database_clock.now)

    document = _document(person_id, start, database_clock.now)

    told = [
        (line["line_id"], line["code"], line["amount_microcredits"], line["reason"])
        for line in document["lines"]
    ]
    assert told == [
        (str(line.group_id), line.code, line.amount_microcredits, line.reason)
        for line in page.lines
    ]
    assert document["opening_microcredits"] == page.opening_microcredits == 0
    assert document["closing_microcredits"] == page.closing_microcredits == 835


def test_one_call_is_one_line_however_many_lots_and_steps(
    person_id: UUID, start: datetime, database_clock: Clock
) -> None:
    lines = _document(person_id, start, database_clock.now)["lines"]

    call = lines[2]
    assert [line["code"] for line in lines] == ["grant", "grant", "usage", "correction", "usage"]
    assert len(call["transfers"]) > 2
    assert call["amount_microcredits"] == -300
    assert call["usage"] == [
        {"meter": "output", "quantity": 300, "microcredits_per_million": 1_000_000}
    ]


def test_a_correction_names_its_author_its_ground_and_the_line_it_corrects(
    person_id: UUID, start: datetime, database_clock: Clock
) -> None:
    lines = _document(person_id, start, database_clock.now)["lines"]

    call, correction = lines[2], lines[3]
    assert correction["corrects"] == call["line_id"]
    assert correction["request_id"] == call["request_id"]
    assert (correction["author"], correction["reference"]) == ("staff", "case:1")


def test_what_is_sealed_has_a_path_and_what_is_not_is_counted(
    person_id: UUID, start: datetime, database_clock: Clock
) -> None:
    document = _document(person_id, start, database_clock.now)

    proofs = [[transfer["proof"] for transfer in line["transfers"]] for line in document["lines"]]
    assert all(proof is not None for line in proofs[:-1] for proof in line)
    assert proofs[-1] == [None]
    assert document["unsealed_transfers"] == 1
    assert document["head"]["number"] == document["blocks"][-1]["number"] == 1


def test_the_chain_reaches_from_the_head_of_that_time_to_the_one_of_now(
    person_id: UUID, start: datetime, database_clock: Clock
) -> None:
    blocks.seal()
    database_clock.advance(60)
    begins = database_clock.now
    database_clock.advance(60)
    for _more in range(2):
        books.grant(new_id(), 5)
        blocks.seal()

    whole = _document(person_id, start, database_clock.now)
    nothing = _document(person_id, begins, database_clock.now)

    assert [block["number"] for block in whole["blocks"]] == [1, 2, 3, 4]
    assert [block["number"] for block in nothing["blocks"]] == [2, 3, 4]
    assert nothing["lines"] == []


def test_a_document_is_one_state_though_the_books_move_on_while_it_is_read(
    person_id: UUID, start: datetime, database_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_documents, "_PAGE_LINES", 1)
    monkeypatch.setattr(movements, "_BATCH_LINES", 1)
    until_at = database_clock.now + timedelta(days=1)

    parts: Iterator[bytes] = as_json(person_id=person_id, from_at=start, until_at=until_at)
    read = [next(parts), next(parts)]
    books.grant(person_id, 77)
    blocks.seal()
    document = json.loads(b"".join([*read, *parts]))

    assert len(document["lines"]) == 5
    assert document["closing_microcredits"] == 835
    assert document["head"]["number"] == 1
    assert document["unsealed_transfers"] == 1


def test_leaves_in_a_document_are_those_of_the_chain(
    person_id: UUID, start: datetime, database_clock: Clock
) -> None:
    document = _document(person_id, start, database_clock.now)
    root, count = document["blocks"][0]["root"], document["blocks"][0]["transfer_count"]

    for line in document["lines"][:-1]:
        for transfer in line["transfers"]:
            proof = transfer["proof"]
            found = merkle.root_from_path(
                merkle.leaf_hash(merkle.leaf_bytes_of(transfer["fields"])),
                index=proof["index"],
                count=count,
                path=[bytes.fromhex(step) for step in proof["path"]],
            )
            assert found is not None
            assert found.hex() == root


def test_a_sheet_opens_moves_and_closes(
    person_id: UUID, start: datetime, database_clock: Clock
) -> None:
    rows = _rows(person_id, start, database_clock.now)

    codes = [row["code"] for row in rows]
    assert codes == ["opening", "grant", "grant", "usage", "correction", "usage", "closing"]
    assert rows[3]["output"] == "300"
    assert rows[3]["amount_credits"] == "-0.000300"
    moved = sum(int(row["amount_microcredits"] or 0) for row in rows)
    assert moved == int(rows[-1]["balance_after_microcredits"]) == 835


def test_no_spreadsheet_takes_a_reason_for_a_formula(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    from_at = database_clock.now
    books.grant(person_id, 100)
    call = books.hold(person_id, 50)
    books.settle(call.id, 50)
    corrections.give_back(
        correction_id=uuid4(),
        hold_id=call.id,
        amount_microcredits=1,
        author="@staff",
        reason='=HYPERLINK("https://example.org")',
        reference="+1",
    )
    database_clock.advance(1)

    row = _rows(person_id, from_at, database_clock.now)[3]

    assert row["code"] == TransferCode.CORRECTION
    assert row["reason"] == '\'=HYPERLINK("https://example.org")'
    assert (row["author"], row["reference"]) == ("'@staff", "'+1")


def test_a_stranger_gets_an_empty_document(person_id: UUID, database_clock: Clock) -> None:
    document = _document(person_id, database_clock.now, database_clock.now)

    assert document["lines"] == []
    assert document["head"] is None
    assert document["opening_microcredits"] == document["closing_microcredits"] == 0
