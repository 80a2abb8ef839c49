"""Turns at writing one SQLite file, among all connections of all processes of a machine.

SQLite lets who finds it locked sleep and look again, longer each time; who writes all the time
is then nearly always first, and others wait for seconds. Here writers stand in line: a place at
the gate first, and with it, and only with it, the wait for the turn itself. Who has just had a
turn finds the gate taken by the one who is next, so nobody gets two turns past somebody waiting.

The line is two lock files beside the database. The kernel drops a lock with its process, however
that ends. Without such locks (Windows) there are no turns, and SQLite's own waiting is all.
"""

import os
import time
from pathlib import Path

from bluegpt.core import clock

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

HAS_TURNS = fcntl is not None
# At the gate there may be many; for the turn itself there is one, who may look more often at first.
# Pauses that grow beyond a millisecond were measured: who waits long then waits longest.
_GATE_PAUSE_S = 0.001
_TURN_PAUSE_S = 0.0002
_PAUSE_MAX_S = 0.001


class TurnMissed(Exception):
    """The time to wait has passed."""


class Turns:
    """One connection's place in the line of a database file."""

    def __init__(self, path: Path) -> None:
        self._gate = _Lock(path.with_name(f"{path.name}-gate"))
        self._turn = _Lock(path.with_name(f"{path.name}-turn"))

    def take(self, timeout_s: float) -> None:
        """Wait for the turn. Raises TurnMissed."""
        until_s = clock.monotonic_s() + timeout_s
        self._gate.take(until_s, _GATE_PAUSE_S)
        try:
            self._turn.take(until_s, _TURN_PAUSE_S)
        finally:
            self._gate.drop()

    def is_gate_open(self) -> bool:
        """Whether nobody is next."""
        is_open = self._gate.try_to_take()
        self._gate.drop()
        return is_open

    def end(self) -> None:
        """Let the next one write. Without a turn nothing happens."""
        self._turn.drop()

    def close(self) -> None:
        """Leave the line."""
        self._gate.close()
        self._turn.close()


class _Lock:
    """A lock that lies in a file; opened when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._is_taken = False

    def take(self, until_s: float, pause_s: float) -> None:
        while not self.try_to_take():
            if clock.monotonic_s() + pause_s >= until_s:
                raise TurnMissed
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.2, _PAUSE_MAX_S)

    def try_to_take(self) -> bool:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._is_taken = True
        return True

    def drop(self) -> None:
        if self._is_taken and self._file is not None:
            self._is_taken = False
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file is not None:
            self._is_taken = False
            os.close(self._file)
            self._file = None

    def __del__(self) -> None:
        # The connection of a thread that ended goes without being closed.
        self.close()
