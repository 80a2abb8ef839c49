"""The worker dies at every state of a film; the next one takes it up, or gives it back."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.faults.conftest import Mortal
from tests.faults.lives import GRANTED_MICROCREDITS

pytestmark = pytest.mark.both_databases

SIGKILL = 9
# Four seconds at 640x360 of the sandbox's projector.
PRICE = 4_800_000
LEFT, TAKEN_ON = "leave: after the commit", "watch: after the commit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A film that nothing happened to: its points in their order, and how it ended."""

    points: tuple[str, ...]
    end: dict[str, Any]

    def has_passed(self, point: str, mark: str) -> bool:
        """Whether a process that died at `point` had got as far as `mark`."""
        return self.points.index(point) >= self.points.index(mark)


@pytest.fixture(scope="module")
def way(mortal: Mortal) -> Way:
    """Every commit, every request and every stored file; nothing differs between statements."""
    said = mortal.do("film", until="", **_newcomer())["said"]
    passed = said.pop("passed")
    return Way(points=_marks(passed), end=said)


def _marks(passed: list[str]) -> tuple[str, ...]:
    return tuple(
        point
        for point in passed
        if not re.search("before (vault: )?[A-Z]", point)  # a statement
    )


def _newcomer() -> dict[str, str]:
    return {"person_id": str(uuid4()), "request_key": str(uuid4())}


def test_the_way_passes_every_state(way: Way) -> None:
    assert {"begin", "leave", "submit", "watch", "begin_fetching", "note_file", "fetch", "end"} <= {
        point.partition(":")[0] for point in way.points
    }
    assert way.end["call"] == ["complete", ""]
    assert way.end["charged"] == PRICE


def test_wherever_the_worker_dies_a_film_is_made_or_given_back_and_settled_once(
    mortal: Mortal, way: Way
) -> None:
    wrong: dict[str, list[str]] = {}
    for point in way.points:
        who = _newcomer()
        before = mortal.do("inspect_films")["said"]
        assert mortal.do("film", until=point, **who)["signal"] == SIGKILL, point
        said = mortal.do("recover_film", **who)["said"]
        wrong[point] = _wrong(way, point, before, said["recovered"], said["repeated"])
    assert {point: what for point, what in wrong.items() if what} == {}


def _wrong(
    way: Way, point: str, before: dict[str, Any], now: dict[str, Any], repeated: dict[str, Any]
) -> list[str]:
    """Every rule that does not hold for a death at this point."""
    is_begun = way.has_passed(point, "begin: after the commit")
    has_left = way.has_passed(point, LEFT)
    is_lost = has_left and not way.has_passed(point, TAKEN_ON)
    is_made = is_begun and not is_lost
    charged = PRICE if is_made else 0
    rules = {
        "the books add up": now["broken"] == repeated["broken"] == [],
        "nothing is held any more": now["held"] == 0,
        "each reservation ended once": now["ends"] == now["pending"],
        "it costs what came": now["charged"] == charged,
        "the balance says so": now["available"] == GRANTED_MICROCREDITS - charged,
        "what was lost is named": now["written_off"] == (PRICE if is_lost else 0),
        "the film is there": now["assets"] == int(is_made),
        "no file is nobody's": now["files"] - before["files"] == 3 * is_made,
        "what left was disclosed once": now["disclosures"] == int(has_left or is_made),
        "it was sent once at most": now["submits"] - before["submits"] <= 1,
        "it has one end": now["call"]
        == (["failed", "film_lost"] if is_lost else ["complete", ""] if is_begun else None),
    }
    if is_begun:
        rules["the repeated wish changes nothing"] = repeated == now
    else:
        rules["the repeated wish is a first one"] = repeated["call"] == ["complete", ""]
    return [rule for rule, holds in rules.items() if not holds]


def test_a_recovery_that_dies_is_made_up_for_by_the_next_one(mortal: Mortal, way: Way) -> None:
    point = "fetch: the film is stored"
    who = _newcomer()
    mortal.do("film", until=point, **who)
    passed = mortal.do("recover_film", **who)["said"]["passed"]
    wrong = {}
    for last in _marks(passed):
        who = _newcomer()
        before = mortal.do("inspect_films")["said"]
        mortal.do("film", until=point, **who)
        if mortal.do("recover_film", until=last, **who)["signal"] != SIGKILL:
            wrong[last] = ["was not passed"]
            continue
        said = mortal.do("recover_film", lives=2, **who)["said"]
        wrong[last] = _wrong(way, point, before, said["recovered"], said["repeated"])
    assert {last: what for last, what in wrong.items() if what} == {}
