"""The process dies at every point of pictures that are kept; another one starts and cleans up."""

from typing import Any
from uuid import uuid4

import pytest

from tests.faults.conftest import Mortal
from tests.faults.lives import GRANTED_MICROCREDITS

pytestmark = pytest.mark.both_databases

SIGKILL = 9
STEPS = ("begin", "dispatch", "draw", "keep", "end")
Way = tuple[tuple[str, ...], dict[str, Any]]


@pytest.fixture(scope="module")
def way(mortal: Mortal) -> Way:
    """The points in their order, and how it ends when nothing happens; always the same."""
    said = mortal.do("draw", until="", **_newcomer())["said"]
    points = tuple(said.pop("passed"))
    again = mortal.do("draw", until="", **_newcomer())["said"]
    assert tuple(again.pop("passed")) == points
    assert again | {"all files": 4} == said | {"all files": 4}
    return points, said


def _newcomer() -> dict[str, str]:
    return {"person_id": str(uuid4()), "request_key": str(uuid4())}


def test_the_way_has_a_point_at_each_commit_and_around_each_file(way: Way) -> None:
    points, end = way
    assert {f"keep: {when} a file is stored" for when in ("before", "after")} <= set(points)
    assert {f"keep: {when} a file is stored #4" for when in ("before", "after")} <= set(points)
    for step in ("begin", "dispatch", "end"):
        assert {f"{step}: before the commit", f"{step}: after the commit"} <= set(points)
    assert (end["assets"], end["named files that are there"]) == (2, 4)
    assert end["charged"] == end["call"]["charged"] > 0


@pytest.mark.parametrize("step", STEPS)
def test_wherever_the_process_dies_nothing_is_lost_and_nothing_left(
    mortal: Mortal, way: Way, step: str
) -> None:
    points, _end = way
    wrong = {}
    # Before a statement that only reads, nothing differs from the point that came before it.
    writing = [each for each in points if each.startswith(f"{step}: ") and "SELECT" not in each]
    assert writing
    for point in writing:
        who = _newcomer()
        before = mortal.do("count files")["said"]["all files"]
        assert mortal.do("draw", until=point, **who)["signal"] == SIGKILL, point
        said = mortal.do("recover drawing", **who)["said"]
        wrong[point] = _wrong(way, point, before, said["recovered"], said["repeated"])
    assert {point: what for point, what in wrong.items() if what} == {}
    assert mortal.do("inspect")["said"]["broken"] == []


def _wrong(
    way: Way, point: str, files_before: int, recovered: dict[str, Any], repeated: dict[str, Any]
) -> list[str]:
    points, end = way

    def has_passed(mark: str) -> bool:
        return points.index(point) >= points.index(mark)

    is_over = has_passed("end: after the commit")
    charged = end["charged"] if is_over else 0
    rules = {
        "the books add up": recovered["broken"] == [],
        "nothing is held any more": recovered["held"] == 0,
        "each reservation ended once": recovered["ends"] == recovered["pending"],
        "only whole pictures are paid": recovered["charged"] == charged,
        "the balance says so": recovered["available"] == GRANTED_MICROCREDITS - charged,
        "pictures are there when they are paid": recovered["assets"] == (2 if is_over else 0),
        "and whole": recovered["named files that are there"] == (4 if is_over else 0),
        "no other file is left": recovered["all files"] - files_before == (4 if is_over else 0),
        "what left was disclosed once": recovered["disclosures"]
        == int(has_passed("dispatch: after the commit")),
    }
    if has_passed("begin: after the commit"):
        state = recovered["call"]["state"]
        rules["the wish shows how it ended"] = recovered["creations"] == 1 and state == (
            "complete" if is_over else "interrupted"
        )
        rules["the repeated wish changes nothing"] = repeated == {
            name: fact for name, fact in recovered.items() if name in repeated
        }
    else:
        rules["nothing was written"] = recovered["call"] is None and recovered["creations"] == 0
        rules["the repeated wish is a first one"] = repeated["call"] == end["call"]
    return [rule for rule, holds in rules.items() if not holds]
