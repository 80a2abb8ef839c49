"""`make check` fails when one of its steps does, and shows what that one said."""

import pytest

from tools import check


def test_a_failing_step_fails_the_check_and_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = (
        check.Step(name="good", command="python -c pass"),
        check.Step(name="bad", command="python -c raise(SystemExit('the_reason'))"),
    )
    monkeypatch.setattr(check, "STEPS", steps)

    code = check.main()

    said = capsys.readouterr().out
    assert code == 1
    assert "ok     good" in said
    assert "FAILED bad" in said
    assert "the_reason" in said
    assert "1 of 2 checks passed" in said


def test_no_failing_step_is_a_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "STEPS", (check.Step(name="good", command="python -c pass"),))

    assert check.main() == 0
    assert "1 of 1 checks passed" in capsys.readouterr().out
