"""Works in threads that start at one instant."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from bluegpt.core.errors import BlueError


def together(works: Sequence[Callable[[], object]]) -> list[object]:
    """Run all works at once; their results, or our own refusals, in order."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        start.wait()
        try:
            return work()
        except BlueError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
