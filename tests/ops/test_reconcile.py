"""`bluegpt reconcile`: a day beside a provider's report that somebody has fetched."""

import json
from pathlib import Path

import pytest

from tests.ops.conftest import Installation

DAY = "2026-11-20"
MIDNIGHT_S = 1_795_132_800


def report(*results: dict[str, object]) -> str:
    bucket = {
        "object": "bucket",
        "start_time": MIDNIGHT_S,
        "end_time": MIDNIGHT_S + 86_400,
        "results": list(results),
    }
    return json.dumps({"object": "page", "data": [bucket], "has_more": False, "next_page": None})


def result(model: str, *, output_tokens: int) -> dict[str, object]:
    return {
        "object": "organization.usage.completions.result",
        "model": model,
        "input_tokens": 1_000,
        "input_cached_tokens": 0,
        "output_tokens": output_tokens,
        "num_model_requests": 3,
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "report.json"


def test_a_day_on_which_nothing_was_used_agrees(old_hand: Installation, file: Path) -> None:
    file.write_text(report())

    said = old_hand.run("reconcile", "openai", "--day", DAY, "--from-file", str(file))

    assert said.code == 0
    assert said.out == f"Nothing was used at openai on {DAY}, by our count and by theirs.\n"


def test_usage_that_we_know_nothing_of_is_named_and_opens_a_case_once(
    old_hand: Installation, file: Path
) -> None:
    file.write_text(report(result("gpt-5.5-2026-04-23", output_tokens=500)))
    words = ("reconcile", "openai", "--day", DAY, "--from-file", str(file))

    first, second = old_hand.run(*words), old_hand.run(*words)

    assert (first.code, second.code) == (1, 1)
    assert first.out == second.out
    [_head, inputs, outputs] = first.out.splitlines()
    assert inputs.split() == ["gpt-5.5", "0", "input", "0", "1,000", "0", "DIFFERS"]
    assert outputs.split() == ["gpt-5.5", "0", "output", "0", "500", "0", "DIFFERS"]
    assert "1 models" in first.err
    cases = old_hand.run("credits", "cases", "--kind", "reconciliation")
    assert cases.out.count(f"openai gpt-5.5 {DAY}") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("openai",), "no key for the provider's usage report"),
        (("openai", "--day", "2999-01-01"), "not over yet"),
        (("openai", "--day", "yesterday"), "is not a day"),
        (("mistral",), "invalid choice"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    old_hand: Installation, words: tuple[str, ...], sentence: str
) -> None:
    said = old_hand.run("reconcile", *words)

    assert said.code == 2
    assert said.out == ""
    assert sentence in said.err


@pytest.mark.parametrize("text", ["nonsense", "{}", report()])
def test_a_file_that_says_nothing_of_the_day_changes_nothing(
    old_hand: Installation, file: Path, text: str
) -> None:
    file.write_text(text)

    said = old_hand.run("reconcile", "openai", "--day", "2026-11-19", "--from-file", str(file))

    assert (said.code, said.out) == (2, "")
    assert "not a usage report" in said.err


def test_a_file_that_is_not_there_is_said_so(old_hand: Installation, tmp_path: Path) -> None:
    said = old_hand.run("reconcile", "anthropic", "--from-file", str(tmp_path / "none.json"))

    assert said.code == 2
    assert "cannot be read" in said.err
