"""One business transaction, written: `write(act)`.

On SQLite every commit waits for the disk, and only one transaction writes at a time; so acts of
many threads share commits, through one thread that writes (`single_writer`). On PostgreSQL an act
has a transaction of its own, and is tried again when the database broke a tie against it.

An act does database work and nothing else, and it may run more than once: what it does outside
the database would happen twice. It sees the caller's context variables and changes only a copy.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

from bluegpt.core import clock, single_writer
from bluegpt.core.single_writer import Done

P = ParamSpec("P")
T = TypeVar("T")

# Deadlock, serialization failure, lock not available in time: nothing was written, and the same
# act may pass now.
_PASSING_SQLSTATES = frozenset({"40P01", "40001", "55P03"})
_PAUSES_S = (0.01, 0.03, 0.1, 0.3)
_TRYING_S = 10.0


def write(act: Callable[[], T]) -> T:
    """Run an act in a transaction and commit it; what it returns.

    What it raises undoes it, and it alone. Inside a transaction of the calling thread it is a
    part of that one. Hooks (`transaction.on_commit`) run in the calling thread after the commit,
    so they may write themselves. Raises OperationalError when the database stays locked.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            return act()
    if connection.vendor == "sqlite":
        done = single_writer.of_database(str(connection.settings_dict["NAME"])).run(act)
    else:
        done = _persistently(lambda: _directly(act))
    for hook, is_robust in done.hooks:
        transaction.on_commit(hook, robust=is_robust)  # outside a transaction: at once
    return done.result


def write_at_once(act: Callable[[], T]) -> T:
    """Run an act that is one statement of PostgreSQL: it needs no BEGIN and no COMMIT there.

    Inside a transaction of the calling thread it is a part of that one. Hooks are none of its
    business. Raises OperationalError when it lost every tie.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            return act()
    return _persistently(act)


def written(function: Callable[P, T]) -> Callable[P, T]:
    """Make each call of a function an act of its own, or a part of the transaction around it."""

    @wraps(function)
    def writing(*args: P.args, **kwargs: P.kwargs) -> T:
        return write(lambda: function(*args, **kwargs))

    return writing


def _persistently(act: Callable[[], T]) -> T:
    """Try again, a few times and not for ever, what lost a tie."""
    deadline_s = clock.monotonic_s() + _TRYING_S
    for pause_s in _PAUSES_S:
        try:
            return act()
        except OperationalError as error:
            if not _may_pass(error) or clock.monotonic_s() + pause_s >= deadline_s:
                raise
        time.sleep(pause_s)
    return act()


def _directly(act: Callable[[], T]) -> Done[T]:
    """A transaction of its own. Its hooks are kept apart: their errors are not the act's."""
    with transaction.atomic():
        result = act()
        single_writer.check_whole(connection)
        hooks = single_writer.taken_hooks(connection)
    return Done(result=result, hooks=hooks)


def _may_pass(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in _PASSING_SQLSTATES
