"""The one thread of this process that writes to a SQLite database, for all the others.

A commit waits for the disk (about 2 ms); an act takes a fraction of that. So acts that wait
together are written in one transaction, in the order in which they came, each in a savepoint of
its own, and committed once. Nobody has an answer before the commit: what is answered is on disk.

A batch takes what waits, up to BATCH_ACTS_MAX, and begins no act after BATCH_S; the next batch
has to take its turn with the other processes (`turns`). The number of waiting acts is bounded by
the number of threads: each waits for its own.
"""

import atexit
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    IntegrityError,
    OperationalError,
    connections,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError
from django.utils import translation

from bluegpt.core import clock

T = TypeVar("T")
Hook = tuple[Callable[[], Any], bool]  # what to call, and whether its errors are only logged

BATCH_ACTS_MAX = 64
BATCH_S = 0.02
# A thread that had nothing to do for this long ends and closes its connection.
_IDLE_S = 5.0
_STOP_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[T]):
    """A committed act: its result, and what is still to be called."""

    result: T
    hooks: tuple[Hook, ...]


class _BatchUndone(Exception):
    """The last act took the whole transaction with it, as a full disk does."""


class _Waiting:
    """An act in the queue, with what its thread had in force.

    The language apart: Django hides it from a context that has changed its thread, and has the
    settings' language there.
    """

    __slots__ = ("_act", "_context", "_has_ended", "_language", "done", "error")

    def __init__(self, act: Callable[[], Any]) -> None:
        self._act = act
        self._context = copy_context()
        self._language: str | None = translation.get_language()
        self._has_ended = Lock()
        self._has_ended.acquire()
        self.done: Done[Any] | None = None
        self.error: BaseException | None = None

    def run(self, connection: BaseDatabaseWrapper) -> None:
        """Run the act in a savepoint; what it raises is for its caller."""
        self.done = self.error = None
        try:
            with _savepoint(connection):
                result = self._context.run(self._act_in_language)
        except BaseException as error:  # noqa: BLE001 - raised again where the act came from
            self.error = error
        else:
            self.done = Done(result=result, hooks=taken_hooks(connection))

    def _act_in_language(self) -> Any:
        # Nothing to go back to: the context is the act's own, and ends with it.
        if self._language is None:
            translation.deactivate_all()
        elif self._language != settings.LANGUAGE_CODE:
            translation.activate(self._language)
        return self._act()

    def answer(self) -> Done[Any]:
        """Wait until the act has ended; raise what it ended with."""
        self._has_ended.acquire()
        if self.error is not None:
            raise self.error
        assert self.done is not None, "an act that ran has an end"
        return self.done

    def tell(self) -> None:
        """Let the caller go on."""
        self._has_ended.release()

    def fail(self, error: BaseException) -> None:
        """Raise in the caller an error that others get too: each its own copy."""
        kind = type(error) if isinstance(error, DatabaseError) else OperationalError
        self.error = kind(*error.args)
        self.error.__cause__ = error
        self.tell()


@contextmanager
def _savepoint(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Undo alone what fails inside, in the transaction of a batch.

    By hand, since Django's own costs as much as the statements of a whole step. A savepoint that
    cannot be gone back to marks the transaction as undone.
    """
    execute = connection.connection.execute
    execute("SAVEPOINT act")
    try:
        yield
        check_whole(connection)
        with connection.wrap_database_errors:
            execute("RELEASE act")
    except BaseException:
        connection.run_on_commit = []
        connection.needs_rollback = False
        try:
            execute("ROLLBACK TO act")
            execute("RELEASE act")
        except connection.Database.Error:  # type: ignore[attr-defined]
            connection.needs_rollback = True
        raise


class SingleWriter:
    """A queue of acts and the thread that writes them. The thread starts when there is work."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    @property
    def waiting_count(self) -> int:
        """How many acts stand in line, the ones under way not counted."""
        return self._waiting.qsize()

    def run(self, act: Callable[[], T]) -> Done[T]:
        """Wait until the act is committed, or raise what it raised, or what the commit did."""
        waiting = _Waiting(act)
        with self._lock:
            if self._thread is None:
                thread = Thread(target=self._work, name="writer", daemon=True)
                thread.start()
                self._thread = thread
            self._waiting.put(waiting)
        return waiting.answer()

    def stop(self) -> None:
        """Write what waits, close the connection. A later act starts the thread again."""
        with self._lock:
            thread = self._thread
            self._waiting.put(None)
        if thread is not None:
            thread.join(_STOP_S)

    def _work(self) -> None:
        try:
            while (first := self._next()) is not None:
                self._write(first)
        finally:
            connections.close_all()

    def _next(self) -> _Waiting | None:
        """The oldest act, None when the thread may end."""
        try:
            first = self._waiting.get(timeout=_IDLE_S)
        except Empty:
            first = None
        if first is not None:
            return first
        with self._lock:  # who submits from here on starts another thread
            try:
                first = self._waiting.get_nowait()
            except Empty:
                first = None
            if first is None:
                self._thread = None
        return first

    def _write(self, first: _Waiting) -> None:
        """One batch, from the oldest act on, to its answers."""
        connection = connections[DEFAULT_DB_ALIAS]
        batch = [first]
        has_begun = False
        try:
            connection.close_if_unusable_or_obsolete()
            with transaction.atomic(using=connection.alias):
                has_begun = True
                self._run(batch, connection)
        except _BatchUndone:
            batch.pop().tell()
            self._one_by_one(batch)
        except IntegrityError as error:
            # A broken reference shows at the commit, and does not say whose it is.
            if len(batch) == 1:
                first.fail(error)
            else:
                self._one_by_one(batch)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the callers wait
            if not has_begun:  # whoever holds the lock holds it against everybody here
                batch += self._all_waiting()
            for waiting in batch:
                waiting.fail(error)
        else:
            for waiting in batch:
                waiting.tell()

    def _run(self, batch: list[_Waiting], connection: BaseDatabaseWrapper) -> None:
        """Run the batch's first act, and add others while there are any and there is time."""
        until_s = clock.monotonic_s() + BATCH_S
        while True:
            batch[-1].run(connection)
            if connection.needs_rollback:
                raise _BatchUndone
            if len(batch) == BATCH_ACTS_MAX or clock.monotonic_s() >= until_s:
                return
            try:
                following = self._waiting.get_nowait()
            except Empty:
                return
            if following is None:
                self._waiting.put(None)  # the thread ends after this batch
                return
            batch.append(following)

    def _one_by_one(self, batch: list[_Waiting]) -> None:
        """Acts whose transaction is undone through no fault of theirs, each in one of its own."""
        connection = connections[DEFAULT_DB_ALIAS]
        for waiting in batch:
            try:
                with transaction.atomic(using=connection.alias):
                    waiting.run(connection)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the caller waits
                waiting.fail(error)
            else:
                waiting.tell()

    def _all_waiting(self) -> list[_Waiting]:
        found = []
        for _number in range(self._waiting.qsize()):
            try:
                waiting = self._waiting.get_nowait()
            except Empty:
                break
            if waiting is None:
                self._waiting.put(None)
            else:
                found.append(waiting)
        return found


def check_whole(connection: BaseDatabaseWrapper) -> None:
    """Raise TransactionManagementError for an act that swallowed what undid a part of it.

    Its transaction cannot be committed any more, and saying that it was would be a lie.
    """
    if connection.needs_rollback:
        raise TransactionManagementError("An act went on after a part of it had been undone.")


def taken_hooks(connection: BaseDatabaseWrapper) -> tuple[Hook, ...]:
    """What was to be called after the commit; the connection itself will not call it."""
    waiting: list[Any] = connection.run_on_commit  # the stubs know only two of three parts
    connection.run_on_commit = []
    return tuple((hook, is_robust) for _savepoints, hook, is_robust in waiting)


_writers: dict[str, SingleWriter] = {}
_lock = Lock()


def of_database(name: str) -> SingleWriter:
    """The writer of a database file in this process."""
    with _lock:
        return _writers.setdefault(name, SingleWriter())


@atexit.register
def stop_all() -> None:
    """Let every writer end: after the last thread that may submit, before the interpreter."""
    for writer in tuple(_writers.values()):
        writer.stop()


def _forget() -> None:
    """In a forked child there is no thread of the parent, and its locks may be taken."""
    global _lock  # noqa: PLW0603 - the parent's may be held by a thread that is not here
    _lock = Lock()
    _writers.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
