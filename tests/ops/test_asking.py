"""At a terminal the password is asked for, twice and unseen."""

import os
import pty
import subprocess
from collections.abc import Iterator, Sequence

import pytest

from tests.ops.conftest import PASSWORD, Installation

_END_S = 30


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: the person's, and the command's."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def _ask(
    installation: Installation, terminal: tuple[int, int], answers: Sequence[str]
) -> tuple[int, str]:
    """Type an answer at each prompt; the exit code, and all that was on the screen."""
    ours, theirs = terminal
    process = subprocess.Popen(
        installation.words("user", "create", "typed@example.org"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env=installation.environment(),
    )
    seen = ""
    for prompt, answer in zip(("Password: ", "Once more: "), answers, strict=True):
        while not seen.endswith(prompt):
            seen += os.read(ours, 1_000).decode()
        os.write(ours, f"{answer}\n".encode())
    code = process.wait(timeout=_END_S)
    return code, seen + os.read(ours, 10_000).decode()


def test_a_typed_password_opens_an_account_and_is_not_seen(
    running: Installation, terminal: tuple[int, int]
) -> None:
    code, screen = _ask(running, terminal, [PASSWORD, PASSWORD])

    assert code == 0
    assert "typed@example.org can log in now." in screen
    assert PASSWORD not in screen


def test_two_different_passwords_open_nothing(
    running: Installation, terminal: tuple[int, int]
) -> None:
    code, screen = _ask(running, terminal, [PASSWORD, f"{PASSWORD}x"])

    assert code == 2
    assert "The two passwords are not the same." in screen
    assert running.run("credits", "balance", "typed@example.org").code == 2
