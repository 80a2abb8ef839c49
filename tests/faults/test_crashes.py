"""The process dies at every point of one paid answer; another one starts and cleans up."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.faults.conftest import Mortal
from tests.faults.lives import GRANTED_MICROCREDITS, MIDDLE_TOKENS

pytestmark = pytest.mark.both_databases

SIGKILL = 9
STEPS = ("ask", "begin", "dispatch", "stream", "checkpoint", "hold_more", "end")
# What the sandbox's writer costs.
INPUT_MICROCREDITS, OUTPUT_MICROCREDITS = 18, 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An answer that nothing happened to: its points in their order, and how it ended."""

    points: tuple[str, ...]
    end: dict[str, Any]

    def of(self, step: str) -> list[str]:
        return [point for point in self.points if point.startswith(f"{step}: ")]

    def has_passed(self, point: str, mark: str) -> bool:
        """Whether a process that died at `point` had got as far as `mark`."""
        return self.points.index(point) >= self.points.index(mark)


@pytest.fixture(scope="module")
def way(mortal: Mortal) -> Way:
    """The same in every process: it depends on no time."""
    said = mortal.do("answer", until="", **_newcomer())["said"]
    points = tuple(said.pop("passed"))
    again = mortal.do("answer", until="", **_newcomer())["said"]
    assert tuple(again.pop("passed")) == points
    assert again == said
    return Way(points=points, end=said)


def _newcomer() -> dict[str, str]:
    return {"person_id": str(uuid4()), "request_key": str(uuid4())}


def test_the_way_has_a_point_at_each_commit_each_statement_and_each_moment_of_the_stream(
    way: Way,
) -> None:
    assert {point.split(":")[0] for point in way.points} == set(STEPS)
    for step in ("begin", "dispatch", "checkpoint", "hold_more", "end"):
        assert {f"{step}: before the commit", f"{step}: after the commit"} <= set(way.points)
    assert way.of("stream") == [
        "stream: before the request leaves",
        "stream: after the response's headers",
        "stream: after the first token",
        "stream: in the middle, before the checkpoint",
        "stream: in the middle, after the checkpoint",
        "stream: after the last token",
    ]
    assert way.end["call"]["charged"] == _price(way.end["call"]) == way.end["charged"]
    assert way.end["holds"] == ["settled"] * 3


@pytest.mark.parametrize("step", STEPS)
def test_wherever_the_process_dies_the_books_are_sound_and_the_price_is_the_rules(
    mortal: Mortal, way: Way, step: str
) -> None:
    wrong = {}
    for point in way.of(step):
        who = _newcomer()
        assert mortal.do("answer", until=point, **who)["signal"] == SIGKILL, point
        said = mortal.do("recover", **who)["said"]
        wrong[point] = _wrong(way, point, said["recovered"], said["repeated"])
    assert {point: what for point, what in wrong.items() if what} == {}
    assert mortal.do("inspect")["said"]["broken"] == []


@pytest.mark.parametrize(
    "point", ["begin: after the commit", "stream: in the middle, after the checkpoint"]
)
def test_a_recovery_that_dies_is_made_up_for_by_the_next_one(
    mortal: Mortal, way: Way, point: str
) -> None:
    who = _newcomer()
    mortal.do("answer", until=point, **who)
    passed = mortal.do("recover", **who)["said"]["passed"]

    wrong = {}
    # Before a statement that only reads, nothing differs from the point that came before it.
    writing = [last for last in passed if "SELECT" not in last]
    for last in writing:
        who = _newcomer()
        mortal.do("answer", until=point, **who)
        if mortal.do("recover", until=last, **who)["signal"] != SIGKILL:
            wrong[last] = ["was not passed"]
            continue
        said = mortal.do("recover", **who)["said"]
        wrong[last] = _wrong(way, point, said["recovered"], said["repeated"])
    assert {"recovery: before the commit", "recovery: after the commit"} <= set(wrong)
    assert {last: what for last, what in wrong.items() if what} == {}


def _wrong(way: Way, point: str, recovered: dict[str, Any], repeated: dict[str, Any]) -> list[str]:
    """Every rule of the page on the ledger that does not hold for a death at this point."""
    call = recovered["call"]
    charged = _due(way, point, call)
    rules = {
        "the books add up": recovered["broken"] == [],
        "nothing is held any more": recovered["held"] == 0,
        "each reservation ended once": recovered["ends"] == recovered["pending"],
        "the balance is what the rules say": recovered["available"]
        == GRANTED_MICROCREDITS - charged,
        "holds and call agree": recovered["charged"]
        == charged
        == (0 if call is None else call["charged"]),
        "what left was disclosed once": recovered["disclosures"]
        == int(way.has_passed(point, "dispatch: after the commit")),
    }
    if not way.has_passed(point, "begin: after the commit"):
        rules["nothing was written"] = call is None and recovered["holds"] == []
        rules["the repeated request is a first one"] = repeated["call"] == way.end["call"]
        rules["and is paid once"] = repeated["charged"] == way.end["charged"]
    else:
        rules["the repeated request changes nothing"] = repeated == {
            name: fact for name, fact in recovered.items() if name in repeated
        }
    return [rule for rule, holds in rules.items() if not holds]


def _due(way: Way, point: str, call: dict[str, Any] | None) -> int:
    """Nothing before the checkpoint, what it says until the end, then what the end says."""
    if way.has_passed(point, "end: after the commit"):
        assert call == way.end["call"]
        return int(way.end["charged"])
    if not way.has_passed(point, "checkpoint: after the commit"):
        return 0
    assert call is not None
    assert call["state"] == "interrupted"
    assert MIDDLE_TOKENS <= call["output_tokens"] < way.end["call"]["output_tokens"]
    return _price(call)


def _price(call: dict[str, Any]) -> int:
    tokens: tuple[int, int] = call["input_tokens"], call["output_tokens"]
    return tokens[0] * INPUT_MICROCREDITS + tokens[1] * OUTPUT_MICROCREDITS
