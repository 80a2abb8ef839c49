"""How a test asks through an adapter, and hears everything that comes back."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.sse import SseReader
from bluegpt.providers.types.chat import ChatAdapter, ChatRequest, Delta
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.usage import Usage
from tests.providers.making import API_KEY, clearance, request
from tests.providers.speakers import Speaker
from tests.providers.upstream import Upstream, running


class AdapterHarness:
    """One adapter, one upstream. Subclasses name the speaker."""

    speaker: Speaker

    @pytest.fixture
    async def upstream(self) -> AsyncIterator[Upstream]:
        async with running() as upstream:
            yield upstream
            await close_clients()

    def adapter(self, upstream: Upstream) -> ChatAdapter:
        return type(self).speaker.adapter(self.route(upstream.base_url))

    def route(self, origin: str) -> Route:
        return Route(
            wire=self.speaker.wire,
            base_url=origin + self.speaker.base_path,
            api_key=API_KEY,
            thinking=self.speaker.thinking,
        )

    def request(self, **changes: Any) -> ChatRequest:
        return replace(request(self.speaker.provider), **changes)

    async def ask(self, upstream: Upstream, asked: ChatRequest | None = None) -> "Heard":
        """Everything that is heard of an answer, the error at its end included."""
        deltas: list[Delta] = []
        stream = self.adapter(upstream).chat(
            asked or self.request(), clearance=clearance(self.speaker.provider)
        )
        try:
            async with aclosing(stream):
                async for delta in stream:
                    deltas.append(delta)
        except BlueError as error:
            return Heard(deltas, error)
        return Heard(deltas, None)

    def deltas(self, chunks: Sequence[bytes]) -> list[Delta | None]:
        """What the wire's reading makes of a stream that arrives in these pieces."""
        reading, sse = type(self).speaker.reading(self.request()), SseReader()
        events = [event for chunk in chunks for event in sse.feed(chunk)]
        read = [reading.read(event) for event in (*events, *sse.flush())]
        return [*read, reading.last()]


class Heard:
    """What a caller gets of an answer."""

    def __init__(self, deltas: list[Delta], error: BlueError | None) -> None:
        self.deltas, self.error = deltas, error

    @property
    def text(self) -> str:
        return "".join(delta.text for delta in self.deltas)

    @property
    def reasoning(self) -> str:
        return "".join(delta.reasoning for delta in self.deltas)

    @property
    def usage(self) -> Usage:
        return self.deltas[-1].usage


def hurry(settings: Settings, *, first_byte_s: float = 0.2) -> None:
    """Let time-outs come soon."""
    chat = replace(
        settings.BLUEGPT.chat,
        first_byte_timeout_s=first_byte_s,
        between_events_timeout_s=0.2,
        picture_timeout_s=first_byte_s,
    )
    settings.BLUEGPT = replace(settings.BLUEGPT, chat=chat)
