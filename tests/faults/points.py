"""Named points of a process's way, and its sudden end at one of them.

Every SQL statement and every commit is a point without being told; the harness names the others.
A name says the step, the place and, from the second time on, how often it was passed.
"""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

_SQL_SHOWN_CHARS = 56


class Points:
    """What was passed so far, and where to die. Armed once per process."""

    def __init__(self, *, last: str = "") -> None:
        self.step = "ask"
        self.passed: list[str] = []
        self._last = last
        self._counts: Counter[str] = Counter()

    def reach(self, place: str) -> None:
        """Pass a place of the step under way; the process ends here when it was told to."""
        name = f"{self.step}: {place}"
        self._counts[name] += 1
        if self._counts[name] > 1:
            name = f"{name} #{self._counts[name]}"
        self.passed.append(name)
        if name == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def arm(self) -> None:
        """Make points of every statement and commit of connections that are made from here on."""
        connections.close_all()
        connection_created.connect(self._watch, weak=False)
        for backend in {type(connections[alias]) for alias in connections}:
            _around_commit(backend, self)

    def within(self, step: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work as a step with a name of its own."""

        def run(*args: Any, **kwargs: Any) -> Any:
            before, self.step = self.step, step
            try:
                return work(*args, **kwargs)
            finally:
                self.step = before

        return run

    def _watch(self, connection: Any, **_signal: Any) -> None:
        """A connection that comes back from a pool is watched already."""
        if self._execute not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._execute)

    def _execute(
        self, run: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        alias = context["connection"].alias
        place = "" if alias == "default" else f"{alias}: "
        self.reach(f"before {place}{_short(str(sql))}")
        return run(sql, params, many, context)


def _around_commit(backend: type, points: Points) -> None:
    """The outermost class that a connection has marks the commit, its bases do not again."""
    commit = backend._commit  # type: ignore[attr-defined]

    def commit_between(connection: Any) -> None:
        is_outermost = type(connection) is backend
        place = "" if connection.alias == "default" else f" of {connection.alias}"
        if is_outermost:
            points.reach(f"before the commit{place}")
        commit(connection)
        if is_outermost:
            points.reach(f"after the commit{place}")

    backend._commit = commit_between  # type: ignore[attr-defined]


def _short(sql: str) -> str:
    """The beginning of a statement, in which no id and no name of a savepoint differs."""
    text = re.sub(r'"s\d+_x\d+"|[0-9a-f]{32}', "…", " ".join(sql.split()))
    return text if len(text) <= _SQL_SHOWN_CHARS else text[:_SQL_SHOWN_CHARS] + "…"
