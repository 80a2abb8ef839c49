"""Anthropic's Messages API. Source: Anthropic's API reference and recorded streams."""

from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Any

from typing_extensions import override

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import Question, check, converse
from bluegpt.providers.adapters.reading import Reading, mapping, optional_mapping, parsed, string
from bluegpt.providers.adapters.sse import ServerEvent
from bluegpt.providers.rules.anthropic_usage import messages_usage
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.failures import complaint, stream_failure
from bluegpt.providers.rules.finishes import anthropic_finish
from bluegpt.providers.types.chat import ChatRequest, Delta
from bluegpt.providers.types.models import Route, Thinking
from bluegpt.providers.types.turns import ImagePart, Part, PdfPart, TextPart
from bluegpt.providers.types.usage import UsageSource

API_VERSION = "2023-06-01"
# Anthropic's least budget, and the most that we let a model think before it answers.
THINKING_TOKENS_MIN = 1_024
THINKING_TOKENS_MAX = 8_192


class AnthropicMessages:
    """No switch for storage or training: the contract excludes training."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def chat(self, request: ChatRequest, *, clearance: Clearance) -> AsyncGenerator[Delta, None]:
        """Stream one answer."""
        check(request, clearance)
        question = Question(
            base_url=self._route.base_url,
            path="/v1/messages",
            headers={"x-api-key": self._route.api_key, "anthropic-version": API_VERSION},
            body=_body(request, clearance, thinking=self._route.thinking),
        )
        return converse(question, MessagesReading(request))


def _body(request: ChatRequest, clearance: Clearance, *, thinking: Thinking) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model.wire_name,
        "messages": [
            {"role": turn.role.value, "content": [_block(part) for part in turn.parts]}
            for turn in request.turns
        ],
        "max_tokens": request.max_output_tokens,
        "stream": True,
        "metadata": {"user_id": clearance.pairwise_id},
    }
    if request.system:
        body["system"] = request.system
    budget_tokens = min(THINKING_TOKENS_MAX, request.max_output_tokens // 2)
    if thinking is Thinking.ADAPTIVE:
        body["thinking"] = {"type": "adaptive", "display": "summarized"}
    elif thinking is Thinking.BUDGET and budget_tokens >= THINKING_TOKENS_MIN:
        body["thinking"] = {"type": "enabled", "budget_tokens": budget_tokens}
    return body


def _block(part: Part) -> dict[str, Any]:
    match part:
        case TextPart():
            return {"type": "text", "text": part.text}
        case ImagePart():
            return {"type": "image", "source": _source(part.media_type, part.data)}
        case PdfPart():
            return {
                "type": "document",
                "source": _source("application/pdf", part.data),
                "title": part.name,
            }


def _source(media_type: str, data: bytes) -> dict[str, str]:
    return {"type": "base64", "media_type": media_type, "data": b64encode(data).decode()}


class MessagesReading(Reading):
    """Usage comes twice: the input at the start, all of it, cumulative, near the end."""

    def __init__(self, request: ChatRequest) -> None:
        super().__init__(request)
        self._usage: dict[str, Any] = {}

    @override
    def read(self, event: ServerEvent) -> Delta | None:
        body = parsed(event.data)
        match body.get("type"):
            case "content_block_delta":
                return self._piece(mapping(body.get("delta"), "a delta"))
            case "message_start":
                message = mapping(body.get("message"), "a message")
                self.response_id = string(message.get("id"), "an id")
                self._count(message.get("usage"), UsageSource.PARTIAL)
                return self.delta()
            case "content_block_start":
                block = optional_mapping(body.get("content_block"), "a block")
                return self._opening(block)
            case "message_delta":
                delta = mapping(body.get("delta"), "a delta")
                reason = string(delta.get("stop_reason"), "a stop reason")
                self.finish = anthropic_finish(reason) if reason else self.finish
                self._count(body.get("usage"), UsageSource.FINAL)
                return self.delta()
            case "message_stop":
                self.is_closed = True
                return None
            case "error":
                return self.fail(stream_failure(complaint(body)))
            case str():
                return None  # pings, and events that are new to us
            case _:
                raise malformed("an event without a type")

    def _piece(self, delta: dict[str, Any]) -> Delta | None:
        match delta.get("type"):
            case "text_delta":
                return self.delta(text=string(delta.get("text"), "text"))
            case "thinking_delta":
                return self.delta(reasoning=string(delta.get("thinking"), "thinking"))
            case _:
                return None  # signatures, citations, a tool's arguments

    def _opening(self, block: dict[str, Any]) -> Delta | None:
        match block.get("type"):
            case "text" if block.get("text"):
                return self.delta(text=string(block["text"], "text"))
            case "thinking" if block.get("thinking"):
                return self.delta(reasoning=string(block["thinking"], "thinking"))
            case _:
                return None

    def _count(self, usage: object, source: UsageSource) -> None:
        """Counts are cumulative and may be left out where they did not change."""
        news = optional_mapping(usage, "usage")
        if news:
            self._usage |= {name: value for name, value in news.items() if value is not None}
            self.count(self._usage, lambda body: messages_usage(body, source=source))
