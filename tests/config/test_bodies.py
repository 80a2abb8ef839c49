"""What is too large is refused before Django writes it to a disk."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings

from bluegpt.config.bodies import Bounded
from bluegpt.config.lifespan import Receive, Scope, Send

LIMIT_BYTES = 1_000


@pytest.fixture(autouse=True)
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILE_UPLOAD_MAX_MEMORY_SIZE", LIMIT_BYTES)


async def _sent(chunks: list[bytes], *, declared_bytes: int | None) -> tuple[list[Any], list[Any]]:
    """What the application saw of a body, and what the client was answered."""
    seen: list[Any] = []
    answered: list[Any] = []
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]

    async def receive() -> Mapping[str, Any]:
        return waiting.pop(0)

    async def send(message: Mapping[str, Any]) -> None:
        answered.append(message)

    async def application(_scope: Scope, receive: Receive, _send: Send) -> None:
        for _chunk in chunks:
            seen.append(await receive())

    headers = [] if declared_bytes is None else [(b"content-length", b"%d" % declared_bytes)]
    await Bounded(application)({"type": "http", "headers": headers}, receive, send)
    return seen, answered


async def test_a_body_within_the_limit_passes_untouched() -> None:
    seen, answered = await _sent([b"a" * 600, b"b" * 400], declared_bytes=LIMIT_BYTES)

    assert b"".join(message["body"] for message in seen) == b"a" * 600 + b"b" * 400
    assert answered == []


async def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    seen, answered = await _sent([b"a"], declared_bytes=LIMIT_BYTES + 1)

    assert seen == []
    assert answered[0]["status"] == 413
    assert b"Attach fewer" in answered[1]["body"]


async def test_a_body_that_does_not_say_its_size_is_cut_at_the_limit() -> None:
    seen, _answered = await _sent([b"a" * 600, b"b" * 600], declared_bytes=None)

    assert [message["type"] for message in seen] == ["http.request", "http.disconnect"]
