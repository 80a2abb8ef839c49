"""Each wire's way to say the same things, written from the providers' own descriptions."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from bluegpt.providers.adapters.anthropic_messages import AnthropicMessages, MessagesReading
from bluegpt.providers.adapters.google_generate import GenerateReading, GoogleGenerate
from bluegpt.providers.adapters.mistral_chat import MistralChat, MistralReading
from bluegpt.providers.adapters.openai_chat import ChatReading, OpenAIChat
from bluegpt.providers.adapters.openai_responses import OpenAIResponses, ResponsesReading
from bluegpt.providers.adapters.reading import Reading
from bluegpt.providers.types.chat import ChatAdapter, ChatRequest, FinishReason
from bluegpt.providers.types.models import Route, Thinking, Wire

COMPLETE, LENGTH, REFUSAL = FinishReason.COMPLETE, FinishReason.LENGTH, FinishReason.REFUSAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a provider counts, without overlap but for reasoning inside output."""

    input: int = 100
    cached: int = 20
    output: int = 40
    reasoning: int = 0


class Speaker(ABC):
    """One wire."""

    provider: str
    wire: Wire
    thinking = Thinking.NONE
    adapter: Callable[[Route], ChatAdapter]
    reading: Callable[[ChatRequest], Reading]
    base_path = ""
    path: str
    tells_reasoning_apart = True
    has_closing_event = True

    def begin(self) -> bytes:
        """What comes before the first word."""
        return b""

    @abstractmethod
    def say(self, text: str) -> bytes: ...

    @abstractmethod
    def think(self, text: str) -> bytes: ...

    @abstractmethod
    def end(self, finish: FinishReason, counts: Counts | None) -> bytes: ...

    @abstractmethod
    def fail(self, kind: str) -> bytes:
        """An error inside the stream: `overloaded` or `context`."""

    @abstractmethod
    def refuse(self, kind: str, message: str) -> tuple[int, bytes]:
        """An error in place of a stream: `key`, `quota`, `context`, `overloaded`, `bad`."""

    def whole(self) -> bytes:
        """A whole answer with thoughts and text outside ASCII."""
        parts = (self.begin(), self.think("Let me see… "), self.say("Trois cents mètres "))
        ending = self.end(COMPLETE, Counts(reasoning=7 if self.tells_reasoning_apart else 0))
        return b"".join((*parts, self.say("🗼."), ending))


def event(body: object, name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


def _json(body: object) -> bytes:
    return json.dumps(body).encode()


_OPENAI_REFUSALS: dict[str, tuple[int, str, str | None]] = {
    "key": (401, "invalid_request_error", "invalid_api_key"),
    "quota": (429, "insufficient_quota", "insufficient_quota"),
    "context": (400, "invalid_request_error", "context_length_exceeded"),
    "overloaded": (503, "server_error", "server_is_overloaded"),
    "bad": (400, "invalid_request_error", None),
}


def _openai_refusal(kind: str, message: str) -> tuple[int, bytes]:
    status, kind_of, code = _OPENAI_REFUSALS[kind]
    error = {"message": message, "type": kind_of, "param": None, "code": code}
    return status, _json({"error": error})


class _ChunkSpeaker(Speaker):
    reasons = {COMPLETE: "stop", LENGTH: "length", REFUSAL: "content_filter"}

    def chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        body = {"id": "answer-1", "object": "chat.completion.chunk", "created": 1}
        return event(body | {"model": "some-model", "choices": [choice]} | more)

    @override
    def begin(self) -> bytes:
        return self.chunk({"role": "assistant", "content": ""})

    @override
    def say(self, text: str) -> bytes:
        return self.chunk({"content": text})


class OpenAIChatSpeaker(_ChunkSpeaker):
    provider, wire = "openai", Wire.OPENAI_CHAT
    adapter, reading = OpenAIChat, ChatReading
    base_path, path = "/v1", "/v1/chat/completions"

    @override
    def think(self, text: str) -> bytes:
        return self.chunk({"reasoning_content": text})

    @override
    def end(self, finish: FinishReason, counts: Counts | None) -> bytes:
        last = self.chunk({}, self.reasons[finish])
        if counts is not None:
            usage = {
                "prompt_tokens": counts.input + counts.cached,
                "prompt_tokens_details": {"cached_tokens": counts.cached},
                "completion_tokens": counts.output,
                "completion_tokens_details": {"reasoning_tokens": counts.reasoning},
                "total_tokens": counts.input + counts.cached + counts.output,
            }
            last += event({"id": "answer-1", "choices": [], "usage": usage})
        return last + b"data: [DONE]\n\n"

    @override
    def fail(self, kind: str) -> bytes:
        status, body = _openai_refusal(kind, "SECRET WORDS")
        assert status
        return b"data: " + body + b"\n\n"

    @override
    def refuse(self, kind: str, message: str) -> tuple[int, bytes]:
        return _openai_refusal(kind, message)


class MistralSpeaker(_ChunkSpeaker):
    provider, wire = "mistral", Wire.MISTRAL_CHAT
    adapter, reading = MistralChat, MistralReading
    path = "/v1/chat/completions"
    tells_reasoning_apart = False
    reasons = {COMPLETE: "stop", LENGTH: "model_length", REFUSAL: "content_filter"}

    @override
    def think(self, text: str) -> bytes:
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": text}]}
        return self.chunk({"content": [thought]})

    @override
    def end(self, finish: FinishReason, counts: Counts | None) -> bytes:
        more: dict[str, Any] = {}
        if counts is not None:
            more["usage"] = {
                "prompt_tokens": counts.input + counts.cached,
                "prompt_tokens_details": {"cached_tokens": counts.cached},
                "completion_tokens": counts.output,
                "total_tokens": counts.input + counts.cached + counts.output,
            }
        return self.chunk({"content": ""}, self.reasons[finish], **more) + b"data: [DONE]\n\n"

    @override
    def fail(self, kind: str) -> bytes:
        return b"data: " + _openai_refusal(kind, "SECRET WORDS")[1] + b"\n\n"

    @override
    def refuse(self, kind: str, message: str) -> tuple[int, bytes]:
        status = {"key": 401, "quota": 402, "context": 400, "overloaded": 503, "bad": 422}[kind]
        said = "Prompt is too long: " + message if kind == "context" else message
        return status, _json({"object": "error", "message": said, "type": "x", "code": None})


class OpenAIResponsesSpeaker(Speaker):
    provider, wire = "openai", Wire.OPENAI_RESPONSES
    thinking = Thinking.PLAIN
    adapter, reading = OpenAIResponses, ResponsesReading
    base_path, path = "/v1", "/v1/responses"

    def named(self, name: str, **fields: Any) -> bytes:
        return event({"type": name, "sequence_number": 0, **fields}, name)

    @override
    def begin(self) -> bytes:
        response = {"id": "answer-1", "status": "in_progress"}
        return self.named("response.created", response=response)

    @override
    def say(self, text: str) -> bytes:
        return self.named("response.output_text.delta", item_id="m", content_index=0, delta=text)

    @override
    def think(self, text: str) -> bytes:
        return self.named("response.reasoning_summary_text.delta", summary_index=0, delta=text)

    @override
    def end(self, finish: FinishReason, counts: Counts | None) -> bytes:
        name = "response.completed" if finish is COMPLETE else "response.incomplete"
        reason = {LENGTH: "max_output_tokens", REFUSAL: "content_filter"}.get(finish)
        response: dict[str, Any] = {
            "id": "answer-1",
            "incomplete_details": reason and {"reason": reason},
        }
        if counts is not None:
            response["usage"] = {
                "input_tokens": counts.input + counts.cached,
                "input_tokens_details": {"cached_tokens": counts.cached, "cache_write_tokens": 0},
                "output_tokens": counts.output,
                "output_tokens_details": {"reasoning_tokens": counts.reasoning},
                "total_tokens": counts.input + counts.cached + counts.output,
            }
        return self.named(name, response=response)

    @override
    def fail(self, kind: str) -> bytes:
        if kind == "context":
            error = {"code": "context_length_exceeded", "message": "SECRET WORDS"}
            return self.named("response.failed", response={"id": "answer-1", "error": error})
        return self.named("error", code="server_is_overloaded", message="SECRET WORDS", param=None)

    @override
    def refuse(self, kind: str, message: str) -> tuple[int, bytes]:
        return _openai_refusal(kind, message)


class AnthropicSpeaker(Speaker):
    provider, wire = "anthropic", Wire.ANTHROPIC_MESSAGES
    thinking = Thinking.ADAPTIVE
    adapter, reading = AnthropicMessages, MessagesReading
    path = "/v1/messages"
    _start_usage = {"input_tokens": 100, "cache_read_input_tokens": 20, "output_tokens": 1}

    def named(self, name: str, **fields: Any) -> bytes:
        return event({"type": name, **fields}, name)

    @override
    def begin(self) -> bytes:
        message = {"id": "answer-1", "role": "assistant", "usage": self._start_usage}
        return self.named("message_start", message=message) + self.named("ping")

    @override
    def say(self, text: str) -> bytes:
        delta = {"type": "text_delta", "text": text}
        return self.named("content_block_delta", index=1, delta=delta)

    @override
    def think(self, text: str) -> bytes:
        delta = {"type": "thinking_delta", "thinking": text}
        return self.named("content_block_delta", index=0, delta=delta)

    @override
    def end(self, finish: FinishReason, counts: Counts | None) -> bytes:
        reasons = {COMPLETE: "end_turn", LENGTH: "max_tokens", REFUSAL: "refusal"}
        more: dict[str, Any] = {}
        if counts is not None:
            more["usage"] = {
                "input_tokens": counts.input,
                "cache_read_input_tokens": counts.cached,
                "output_tokens": counts.output,
                "output_tokens_details": {"thinking_tokens": counts.reasoning},
            }
        delta = {"stop_reason": reasons[finish], "stop_sequence": None}
        return self.named("message_delta", delta=delta, **more) + self.named("message_stop")

    @override
    def fail(self, kind: str) -> bytes:
        return b"event: error\ndata: " + self.refuse(kind, "SECRET WORDS")[1] + b"\n\n"

    @override
    def refuse(self, kind: str, message: str) -> tuple[int, bytes]:
        status, name = {
            "key": (401, "authentication_error"),
            "quota": (402, "billing_error"),
            "context": (400, "invalid_request_error"),
            "overloaded": (529, "overloaded_error"),
            "bad": (400, "invalid_request_error"),
        }[kind]
        said = "prompt is too long: 210000 tokens > 200000" if kind == "context" else message
        error = {"type": name, "message": said}
        return status, _json({"type": "error", "error": error, "request_id": "req_1"})


class GoogleSpeaker(Speaker):
    provider, wire = "google", Wire.GOOGLE_GENERATE
    thinking = Thinking.PLAIN
    adapter, reading = GoogleGenerate, GenerateReading
    path = "/v1beta/models/some-model:streamGenerateContent?alt=sse"
    has_closing_event = False

    def chunk(self, part: dict[str, Any] | None, **candidate: Any) -> bytes:
        content = {"role": "model", "parts": [part] if part else []}
        return event({"candidates": [{"content": content, **candidate}], "responseId": "answer-1"})

    @override
    def say(self, text: str) -> bytes:
        return self.chunk({"text": text})

    @override
    def think(self, text: str) -> bytes:
        return self.chunk({"text": text, "thought": True})

    @override
    def end(self, finish: FinishReason, counts: Counts | None) -> bytes:
        reason = {COMPLETE: "STOP", LENGTH: "MAX_TOKENS", REFUSAL: "SAFETY"}[finish]
        body: dict[str, Any] = {"candidates": [{"finishReason": reason}], "responseId": "answer-1"}
        if counts is not None:
            body["usageMetadata"] = {
                "promptTokenCount": counts.input + counts.cached,
                "cachedContentTokenCount": counts.cached,
                "candidatesTokenCount": counts.output - counts.reasoning,
                "thoughtsTokenCount": counts.reasoning,
            }
        return event(body)

    @override
    def fail(self, kind: str) -> bytes:
        return b"data: " + self.refuse(kind, "SECRET WORDS")[1] + b"\n\n"

    @override
    def refuse(self, kind: str, message: str) -> tuple[int, bytes]:
        code, status = {
            "key": (400, "INVALID_ARGUMENT"),
            "quota": (403, "PERMISSION_DENIED"),
            "context": (400, "INVALID_ARGUMENT"),
            "overloaded": (503, "UNAVAILABLE"),
            "bad": (400, "INVALID_ARGUMENT"),
        }[kind]
        said = "The input token count (9) exceeds the maximum number of tokens allowed (8)."
        error: dict[str, Any] = {
            "code": code,
            "status": status,
            "message": said if kind == "context" else message,
        }
        if kind == "key":
            error["details"] = [{"@type": "ErrorInfo", "reason": "API_KEY_INVALID"}]
        return code, _json({"error": error})
