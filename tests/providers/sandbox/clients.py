"""Four small clients, one for each wire: how to ask, and how to read the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

KEY = {"authorization": "Bearer any-key-at-all"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One server-sent event."""

    name: str
    data: str

    @property
    def body(self) -> dict[str, Any]:
        body = orjson.loads(self.data)
        assert isinstance(body, dict)
        return body


class Wire:
    """What differs between the wires, as far as these tests care."""

    name: str
    error_at: str  # the field of an error's object that names its kind

    def path(self, model: str, *, is_stream: bool) -> str:
        raise NotImplementedError

    def body(self, text: str, *, model: str, is_stream: bool, limit: int) -> dict[str, Any]:
        raise NotImplementedError

    def piece(self, event: Event) -> str:
        """The text in an event; empty when it has none."""
        raise NotImplementedError

    def usage(self, body: Mapping[str, Any]) -> tuple[int, int] | None:
        """All input and all output tokens in an event or a whole answer."""
        raise NotImplementedError

    def is_end(self, event: Event) -> bool:
        raise NotImplementedError

    def is_failure(self, event: Event) -> bool:
        return event.data.startswith('{"error":')


class Chat(Wire):
    name = "openai_chat"
    error_at = "type"

    def path(self, model: str, *, is_stream: bool) -> str:
        return "/v1/chat/completions"

    def body(self, text: str, *, model: str, is_stream: bool, limit: int) -> dict[str, Any]:
        options = {"stream_options": {"include_usage": True}} if is_stream else {}
        return {
            "model": model,
            "messages": [{"role": "user", "content": text}],
            "stream": is_stream,
            "max_completion_tokens": limit,
            **options,
        }

    def piece(self, event: Event) -> str:
        if self.is_end(event) or not event.body["choices"]:
            return ""
        return str(event.body["choices"][0]["delta"].get("content") or "")

    def usage(self, body: Mapping[str, Any]) -> tuple[int, int] | None:
        usage = body.get("usage")
        return (usage["prompt_tokens"], usage["completion_tokens"]) if usage else None

    def is_end(self, event: Event) -> bool:
        return event.data == "[DONE]"


class Responses(Wire):
    name = "openai_responses"
    error_at = "type"

    def path(self, model: str, *, is_stream: bool) -> str:
        return "/v1/responses"

    def body(self, text: str, *, model: str, is_stream: bool, limit: int) -> dict[str, Any]:
        return {"model": model, "input": text, "stream": is_stream, "max_output_tokens": limit}

    def piece(self, event: Event) -> str:
        return str(event.body["delta"]) if event.name == "response.output_text.delta" else ""

    def usage(self, body: Mapping[str, Any]) -> tuple[int, int] | None:
        usage = body.get("response", body).get("usage")
        return (usage["input_tokens"], usage["output_tokens"]) if usage else None

    def is_end(self, event: Event) -> bool:
        return event.name in ("response.completed", "response.incomplete")

    def is_failure(self, event: Event) -> bool:
        return event.name == "error"


class Messages(Wire):
    name = "anthropic_messages"
    error_at = "type"

    def path(self, model: str, *, is_stream: bool) -> str:
        return "/v1/messages"

    def body(self, text: str, *, model: str, is_stream: bool, limit: int) -> dict[str, Any]:
        return {
            "model": model,
            "messages": [{"role": "user", "content": text}],
            "stream": is_stream,
            "max_tokens": limit,
        }

    def piece(self, event: Event) -> str:
        if event.name != "content_block_delta":
            return ""
        return str(event.body["delta"].get("text", ""))

    def usage(self, body: Mapping[str, Any]) -> tuple[int, int] | None:
        usage = body.get("usage")
        if not usage:
            return None
        cached = usage["cache_creation_input_tokens"] + usage["cache_read_input_tokens"]
        return usage["input_tokens"] + cached, usage["output_tokens"]

    def is_end(self, event: Event) -> bool:
        return event.name == "message_stop"

    def is_failure(self, event: Event) -> bool:
        return event.name == "error"


class Gemini(Wire):
    name = "google_generate"
    error_at = "status"

    def path(self, model: str, *, is_stream: bool) -> str:
        verb = "streamGenerateContent?alt=sse" if is_stream else "generateContent"
        return f"/v1beta/models/{model}:{verb}"

    def body(self, text: str, *, model: str, is_stream: bool, limit: int) -> dict[str, Any]:
        return {
            "contents": [{"role": "user", "parts": [{"text": text}]}],
            "generationConfig": {"maxOutputTokens": limit},
        }

    def piece(self, event: Event) -> str:
        parts = event.body["candidates"][0]["content"]["parts"]
        return "".join(part["text"] for part in parts if not part.get("thought"))

    def usage(self, body: Mapping[str, Any]) -> tuple[int, int] | None:
        usage = body.get("usageMetadata")
        if not usage:
            return None
        output = usage["candidatesTokenCount"] + usage.get("thoughtsTokenCount", 0)
        return usage["promptTokenCount"], output

    def is_end(self, event: Event) -> bool:
        return "error" not in event.body and "finishReason" in event.body["candidates"][0]


WIRES: Sequence[Wire] = (Chat(), Responses(), Messages(), Gemini())


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A stream as far as it came."""

    events: Sequence[Event]
    is_whole: bool  # the connection ended as HTTP says that it should
    headers: Mapping[str, str] = field(default_factory=dict)


class Client:
    """Asks the sandbox whatever it is told to, without reading anything into it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def post(
        self, path: str, body: Any, headers: Mapping[str, str] | None = None
    ) -> aiohttp.ClientResponse:
        """The response, its body read."""
        given = {"anthropic-version": "2023-06-01"} if "/messages" in path else {}
        async with self._session.post(
            path, data=orjson.dumps(body), headers=KEY | given | dict(headers or {})
        ) as response:
            await response.read()
        return response

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Any:
        async with self._session.get(path, headers=KEY | dict(headers or {})) as response:
            return await response.json()

    async def calls(self) -> list[dict[str, Any]]:
        async with self._session.get("/sandbox/calls") as response:
            calls = (await response.json())["calls"]
        assert isinstance(calls, list)
        return calls

    async def ask(
        self, wire: Wire, text: str, *, model: str = "writer", limit: int = 16_000
    ) -> aiohttp.ClientResponse:
        """An answer in one piece."""
        body = wire.body(text, model=model, is_stream=False, limit=limit)
        return await self.post(wire.path(model, is_stream=False), body)

    async def listen(
        self, wire: Wire, text: str, *, model: str = "writer", limit: int = 16_000
    ) -> Heard:
        """A streamed answer, to its end or to where it breaks."""
        body = wire.body(text, model=model, is_stream=True, limit=limit)
        return await self.stream(wire.path(model, is_stream=True), body)

    async def stream(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Heard:
        given = {"anthropic-version": "2023-06-01"} if "/messages" in path else {}
        received, is_whole = bytearray(), True
        async with self._session.post(
            path, data=orjson.dumps(body), headers=KEY | given | dict(headers or {})
        ) as response:
            assert response.status == 200, await response.text()
            try:
                async for chunk in response.content.iter_any():
                    received += chunk
            except aiohttp.ClientPayloadError:
                is_whole = False
        return Heard(
            events=events(bytes(received)), is_whole=is_whole, headers=dict(response.headers)
        )


def events(received: bytes) -> list[Event]:
    """The events in a piece of a stream that ends with one."""
    found = []
    for block in received.decode().split("\n\n")[:-1]:
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append(Event(name=lines.get("event", ""), data=lines["data"]))
    return found
