"""Django's database work from async code: in a thread, with no connection left behind."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")


async def in_thread(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run blocking database work in a pool thread.

    Not in the request's own thread: an answer outlives the request that asked for it, and that
    thread ends with it. The connection goes back to its pool when the work is done.
    """
    return await sync_to_async(_returning_connections, thread_sensitive=False)(
        lambda: function(*args, **kwargs)
    )


def _returning_connections(work: Callable[[], R]) -> R:
    try:
        return work()
    finally:
        close_old_connections()
