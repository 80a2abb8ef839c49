"""What is not on the machine is left out in so many words; in CI it is an error."""

import pytest

from tools import run_tests
from tools.run_tests import Need


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The pytest runs that were asked for, none of which happens."""
    asked: list[tuple[str, ...]] = []

    def pytest_run(*arguments: str, environment: object = None) -> int:
        asked.append(arguments)
        return 0

    monkeypatch.setattr(run_tests, "pytest", pytest_run)
    monkeypatch.delenv("CI", raising=False)
    return asked


def _machine(monkeypatch: pytest.MonkeyPatch, *, without: str = "") -> None:
    needs = tuple(
        Need(marker=marker, is_met=marker != without, lack=f"no {marker}", tests=f"{marker} tests")
        for marker in ("browser", "valkey", "both_databases")
    )
    monkeypatch.setattr(run_tests, "look_around", lambda: needs)


def test_a_full_machine_runs_everything_and_the_database_tests_twice(
    monkeypatch: pytest.MonkeyPatch, runs: list[tuple[str, ...]]
) -> None:
    _machine(monkeypatch)

    assert run_tests.main([]) == 0
    assert runs == [("-m", ""), ("-m", "both_databases", *run_tests.marked("both_databases"))]
    assert "tests/credits/test_parallel.py" in runs[1]


def test_without_a_browser_its_tests_are_left_out_and_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
    runs: list[tuple[str, ...]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    _machine(monkeypatch, without="browser")

    assert run_tests.main([]) == 0
    assert runs[0] == ("-m", "not browser")
    assert "Skipped: browser tests, because no browser." in capsys.readouterr().out


def test_without_postgresql_there_is_no_second_run(
    monkeypatch: pytest.MonkeyPatch, runs: list[tuple[str, ...]]
) -> None:
    _machine(monkeypatch, without="both_databases")

    assert run_tests.main([]) == 0
    assert runs == [("-m", "")]


@pytest.mark.parametrize("missing", ["browser", "valkey", "both_databases"])
def test_ci_runs_nothing_when_something_is_missing(
    monkeypatch: pytest.MonkeyPatch, runs: list[tuple[str, ...]], missing: str
) -> None:
    _machine(monkeypatch, without=missing)
    monkeypatch.setenv("CI", "true")

    assert run_tests.main([]) == 1
    assert runs == []


def test_a_failure_of_either_run_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, runs: list[tuple[str, ...]]
) -> None:
    _machine(monkeypatch)
    codes = iter([0, 1])
    monkeypatch.setattr(run_tests, "pytest", lambda *_arguments, **_more: next(codes))

    assert run_tests.main([]) == 1
