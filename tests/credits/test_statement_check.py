"""The check offline believes a true statement, and finds each way in which one can lie."""

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits.queries.statement_check import Broken, check
from bluegpt.credits.queries.statement_documents import as_json
from bluegpt.credits.services import blocks, corrections
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Document = dict[str, Any]


@pytest.fixture
def document(person_id: UUID, price_version: int, database_clock: Clock) -> Document:
    """Two grants, a call over both lots, a correction; three blocks; then a call not sealed yet."""
    start = database_clock.now
    books.grant(person_id, 100, priority=10)
    books.grant(person_id, 1_000)
    blocks.seal()
    call = books.hold(person_id, 300)
    books.settle(call.id, 250)
    blocks.seal()
    corrections.give_back(
        correction_id=uuid4(),
        hold_id=call.id,
        amount_microcredits=30,
        author="staff",
        reason="counted twice",
        reference="case:1",
    )
    books.grant(new_id(), 9)
    blocks.seal()
    books.settle(books.hold(person_id, 20).id, 30)
    database_clock.advance(1)
    return _written(person_id, start, database_clock.now)


def _written(person_id: UUID, from_at: datetime, until_at: datetime) -> Document:
    parts = as_json(person_id=person_id, from_at=from_at, until_at=until_at)
    found = json.loads(b"".join(parts))
    assert isinstance(found, dict)
    return found


def test_a_true_statement_holds(document: Document) -> None:
    said = list(check(document, head=document["head"]["digest"]))

    assert said[0] == (
        "5 lines: opening 0 + movements 860 = closing 860 microcredits,"
        " and the balance after each line is right."
    )
    assert said[2] == "2 charges: usage × rate, rounded up once, gives each of them."
    assert "sealed in 3 blocks" in said[3]
    assert said[4].startswith("1 transfers were not sealed yet")
    assert said[-1].startswith("The digest that you named is that of block 3")


def test_any_block_of_the_chain_will_do_for_a_head(document: Document) -> None:
    assert list(check(document, head=document["blocks"][0]["digest"]))


def test_a_statement_without_anything_sealed_holds_and_says_so(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    books.grant(person_id, 5)
    database_clock.advance(1)
    unsealed = _written(person_id, database_clock.now - timedelta(hours=1), database_clock.now)

    said = list(check(unsealed, head=None))

    assert said[-1] == "Nothing of the journal was sealed when this was written."
    with pytest.raises(Broken, match="names no head"):
        list(check(unsealed, head="a" * 64))


def _fields(document: Document, line: int) -> Document:
    fields = document["lines"][line]["transfers"][0]["fields"]
    assert isinstance(fields, dict)
    return fields


def _proof(document: Document, line: int) -> Document:
    proof = document["lines"][line]["transfers"][0]["proof"]
    assert isinstance(proof, dict)
    return proof


def _cheaper_call(document: Document) -> None:
    """Consistent in itself: the line, its transfer and what follows, but not what was sealed."""
    line = document["lines"][2]
    line["amount_microcredits"] += 50
    line["transfers"][0]["fields"]["amount"] -= 50
    line["usage"][0]["quantity"] -= 50
    for later in document["lines"][2:]:
        later["balance_after_microcredits"] += 50
    document["closing_microcredits"] += 50


def _cheaper_sealed_call(document: Document) -> None:
    """As above, and without the usage that gives it away: the path does."""
    _cheaper_call(document)
    line = document["lines"][2]
    line["usage"][0]["quantity"] += 50
    line["absorbed_microcredits"] += 50


def _without(document: Document, line: int) -> None:
    """Leave a line out and set the balances right again."""
    gone = document["lines"].pop(line)["amount_microcredits"]
    for number, kept in enumerate(document["lines"], start=1):
        kept["number"] = number
        if number > line:
            kept["balance_after_microcredits"] -= gone


LIES: dict[str, tuple[Callable[[Document], object], str]] = {
    "another amount": (
        lambda d: d["lines"][1].update(amount_microcredits=999),
        "Line 2: the balance after it is 1099",
    ),
    "another balance": (
        lambda d: d["lines"][3].update(balance_after_microcredits=1),
        "Line 4: the balance",
    ),
    "another closing": (lambda d: d.update(closing_microcredits=1), "After the last line"),
    "a line left out": (lambda d: _without(d, 1), "After the last line the balance is -140"),
    "a line twice": (lambda d: d["lines"].append(deepcopy(d["lines"][-1])), "Line 6 has the numb"),
    "another reason": (lambda d: d["lines"][3].update(reason="a gift"), "Line 4: its reason"),
    "another author": (lambda d: d["lines"][3].update(author="me"), "Line 4: its author"),
    "another line": (lambda d: d["lines"][3].update(line_id=str(uuid4())), "Line 4: its line_id"),
    "another wallet": (lambda d: d.update(wallet=d["wallet"] + 1), "Line 1 holds a transfer that"),
    "another period": (
        lambda d: d.update({"from": "2030-01-01T00:00:00.000000Z"}),
        "Line 1 was not written in the period",
    ),
    "no transfers": (lambda d: d["lines"][0].update(transfers=[]), "Line 1 has no transfers"),
    "other fields": (lambda d: _fields(d, 0).update(note="x"), "Line 1 holds a transfer with oth"),
    "a transfer that reserves": (
        lambda d: _fields(d, 2).update(kind="pending"),
        "Line 3 holds a transfer that moves nothing",
    ),
    "another rate": (
        lambda d: d["lines"][2]["usage"][0].update(microcredits_per_million=900_000),
        "Line 3: its usage costs 225",
    ),
    "another usage at another rate": (
        lambda d: d["lines"][2]["usage"][0].update(quantity=500, microcredits_per_million=500_000),
        "Line 3: its usage is not the one",
    ),
    "another model": (lambda d: d["lines"][2].update(sku="other"), "Line 3: its usage is not the"),
    "another loss": (
        lambda d: d["lines"][4].update(absorbed_microcredits=0),
        "Line 5: its usage costs 30",
    ),
    "a cheaper call": (_cheaper_call, "Line 3: its usage is not the one"),
    "a cheaper sealed call": (_cheaper_sealed_call, "Line 3: its path does not lead"),
    "another field": (lambda d: _fields(d, 0).update(lot=None), "Line 1: its path does not lead"),
    "another place": (lambda d: _proof(d, 1).update(index=0), "Line 2: its path does not lead"),
    "another path": (
        lambda d: _proof(d, 1)["path"].__setitem__(0, "0" * 64),
        "Line 2: its path does not lead",
    ),
    "no hash in the path": (
        lambda d: _proof(d, 1)["path"].__setitem__(0, "zz"),
        "Line 2: a step of its path is not a hash",
    ),
    "a number in the path": (lambda d: _proof(d, 1)["path"].append(5), "Line 2"),
    "another block": (lambda d: _proof(d, 1).update(block=2), "Line 2: its path does not lead"),
    "no such block": (lambda d: _proof(d, 1).update(block=9), "Line 2: block 9 is not in the doc"),
    "a proof hidden": (
        lambda d: d["lines"][0]["transfers"][0].update(proof=None),
        "2 transfers have no path",
    ),
    "another root": (lambda d: d["blocks"][1].update(root="a" * 64), "Block 2: its digest"),
    "another time": (
        lambda d: d["blocks"][1].update(sealed_at="2020-01-01T00:00:00.000000Z"),
        "Block 2: its digest",
    ),
    "a block left out": (lambda d: d["blocks"].pop(1), "Block 3 does not follow block 1"),
    "another head": (lambda d: d["head"].update(digest="b" * 64), "The chain of blocks does not"),
    "no head": (lambda d: d.update(head=None), "The document names no head"),
    "another version": (lambda d: d.update(version=2), "This is not a statement"),
    "a text for a number": (lambda d: d.update(wallet="7"), "The document: wallet is not a whole"),
    "a fraction": (
        lambda d: d.update(opening_microcredits=0.5),
        "The document: opening_microcredits is not a whole",
    ),
    "a field missing": (lambda d: d["lines"][0].pop("code"), "Line 1 has no code"),
    "a line that is none": (lambda d: d["lines"].insert(0, []), "Line 1 is not an object"),
    "numbers beyond bounds": (lambda d: _fields(d, 0).update(group_size=2**70), "Line 1 holds a"),
}


@pytest.mark.parametrize("name", LIES)
def test_each_lie_is_found_and_its_line_named(name: str, document: Document) -> None:
    lie, sentence = LIES[name]

    lie(document)

    with pytest.raises(Broken) as found:
        list(check(document, head=None))
    assert str(found.value).startswith(sentence)


def test_a_head_from_elsewhere_that_is_not_in_the_chain_is_found(document: Document) -> None:
    with pytest.raises(Broken, match="not that of a block from 1 to 3"):
        list(check(document, head="c" * 64))


@pytest.mark.parametrize("nonsense", [None, [], "text", 7, {}, {"format": "bluegpt-statement"}])
def test_what_is_no_statement_is_said_so(nonsense: Any) -> None:
    with pytest.raises(Broken):
        list(check(nonsense, head=None))


def _command(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a world without settings, data folder or database."""
    return subprocess.run(
        [sys.executable, "-m", "bluegpt.ops.cli", "statement", "check", str(file), *words],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"PATH": "", "BLUEGPT_DATA_DIR": "/nowhere/at/all", "BLUEGPT_DATABASE_URL": "nonsense"},
        check=False,
    )


def test_the_command_needs_nothing_but_the_file(document: Document, tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(document, indent=2))

    said = _command(file, "--head", document["head"]["digest"].upper())

    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.endswith("This statement holds.\n")


def test_the_command_stops_at_the_first_lie(document: Document, tmp_path: Path) -> None:
    document["lines"][1]["amount_microcredits"] = 999
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(document))

    said = _command(file)

    assert said.returncode == 1
    assert said.stdout.startswith("BROKEN  Line 2: the balance after it is 1099")


@pytest.mark.parametrize("content", [None, "no json"])
def test_a_file_that_cannot_be_read_is_one_sentence(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    if content is not None:
        file.write_text(content)

    said = _command(file)

    assert said.returncode == 1
    assert said.stdout == ""
    assert str(file) in said.stderr
    assert len(said.stderr.splitlines()) == 1
