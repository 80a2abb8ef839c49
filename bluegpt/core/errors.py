"""The error tree: four families, no HTTP inside; each door translates them once.

    BlueError
    ├── Refused        the request is understood and declined; the caller can change it
    ├── Missing        the thing asked for is not there, or not theirs (the two look the same)
    ├── Conflict       the thing is there, in another state than the caller believes
    └── Unavailable    our side or a provider cannot do it now; `retry_after_s` says when to retry

Each app adds leaves with a `code` (public, documented, never reused) and a sentence that tells
the person what happened and what to do. The sentence is translated when it is shown.
"""

from django.utils.functional import Promise
from typing_extensions import override


class BlueError(Exception):
    """A refusal that may be shown to the person who asked."""

    code = "error"
    sentence: str | Promise = ""

    def __init__(self, sentence: str | Promise | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.code)

    @override
    def __str__(self) -> str:
        return str(self.sentence) or self.code


class Refused(BlueError):
    """Understood and declined; changing the request may help."""

    code = "refused"


class Missing(BlueError):
    """Not there, or not theirs: the two are told apart by nobody."""

    code = "missing"


class Conflict(BlueError):
    """There, but in another state than the caller believes."""

    code = "conflict"


class Unavailable(BlueError):
    """Not possible now; the same request may succeed after `retry_after_s` seconds."""

    code = "unavailable"

    def __init__(
        self, sentence: str | Promise | None = None, *, retry_after_s: int | None = None
    ) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


def sentence_of(code: str) -> str:
    """The sentence of the error with this public code, for errors that were stored by code."""
    waiting: list[type[BlueError]] = [BlueError]
    while waiting:
        kind = waiting.pop()
        if kind.code == code:
            return str(kind.sentence)
        waiting.extend(kind.__subclasses__())
    return ""
