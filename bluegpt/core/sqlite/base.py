"""Django's SQLite backend, whose writers take turns (`bluegpt.core.turns`)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base
from typing_extensions import override

from bluegpt.core.turns import HAS_TURNS, TurnMissed, Turns

_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction, or a single statement that writes, begins when it is this one's turn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns: Turns | None = None

    @contextmanager
    def own_turn(self) -> Iterator[None]:
        """For a statement outside a transaction, which is a transaction of its own."""
        self._take_turn()
        try:
            yield
        finally:
            self._end_turn()

    @override
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if HAS_TURNS and not self.is_in_memory_db():
            self._turns = Turns(Path(str(conn_params["database"])))
        return super().get_new_connection(conn_params)

    @override
    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=_Cursor)
        cursor.wrapper = self
        return cursor

    # The stubs leave out Django's inner methods.

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        # A commit that fails is followed by a rollback, which ends the turn.
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self._turns is not None:
                self._turns.close()

    def _take_turn(self) -> None:
        if self._turns is None:
            return
        try:
            self._turns.take(float(self.settings_dict["OPTIONS"].get("timeout", 5)))
        except TurnMissed:
            raise OperationalError("database is locked") from None

    def _end_turn(self) -> None:
        if self._turns is not None:
            self._turns.end()


class _Cursor(base.SQLiteCursorWrapper):
    """A cursor that knows whether what it runs is a transaction of its own."""

    wrapper: DatabaseWrapper

    @override
    def execute(self, query: str, params: Any = None) -> Any:
        if self.connection.in_transaction or not _WRITES.match(query):
            return super().execute(query, params)
        with self.wrapper.own_turn():
            return super().execute(query, params)

    @override
    def executemany(self, query: str, param_list: Any) -> Any:
        if self.connection.in_transaction or not _WRITES.match(query):
            return super().executemany(query, param_list)
        with self.wrapper.own_turn():
            return super().executemany(query, param_list)
