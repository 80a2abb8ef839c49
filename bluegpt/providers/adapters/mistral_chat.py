"""Mistral's chat completions. Source: the `mistralai` package's models of the API."""

from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from typing_extensions import override

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.chat_chunks import ChunkReading
from bluegpt.providers.adapters.conversation import Question, check, converse
from bluegpt.providers.adapters.reading import listed, mapping, string
from bluegpt.providers.errors import RequestRejected
from bluegpt.providers.rules.mistral_usage import mistral_usage
from bluegpt.providers.types.chat import ChatRequest, Delta
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.turns import ImagePart, Part, PdfPart, Role, TextPart, Turn
from bluegpt.providers.types.usage import Usage, UsageSource


class MistralChat:
    """Storage and training are set per account there, not per call."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def chat(self, request: ChatRequest, *, clearance: Clearance) -> AsyncGenerator[Delta, None]:
        """Stream one answer."""
        check(request, clearance)
        question = Question(
            base_url=self._route.base_url,
            path="/v1/chat/completions",
            headers={"Authorization": f"Bearer {self._route.api_key}"},
            body=_body(request, clearance),
        )
        return converse(question, MistralReading(request))


def _body(request: ChatRequest, clearance: Clearance) -> dict[str, Any]:
    messages = [_message(turn) for turn in request.turns]
    if request.system:
        messages.insert(0, {"role": "system", "content": request.system})
    return {
        "model": request.model.wire_name,
        "messages": messages,
        "stream": True,
        "max_tokens": request.max_output_tokens,
        "metadata": {"user_id": clearance.pairwise_id},
    }


def _message(turn: Turn) -> dict[str, Any]:
    texts = [part.text for part in turn.parts if isinstance(part, TextPart)]
    if len(texts) == len(turn.parts) or turn.role is Role.ASSISTANT:
        return {"role": turn.role.value, "content": "".join(texts)}
    return {"role": turn.role.value, "content": [_content(part) for part in turn.parts]}


def _content(part: Part) -> dict[str, Any]:
    match part:
        case TextPart():
            return {"type": "text", "text": part.text}
        case ImagePart():
            url = f"data:{part.media_type};base64,{b64encode(part.data).decode()}"
            return {"type": "image_url", "image_url": url}
        case PdfPart():
            # Documents are read there by a second, separately billed model.
            raise RequestRejected


class MistralReading(ChunkReading):
    """Content is text, or a list of pieces of which some are thoughts."""

    @override
    def pieces(self, delta: Mapping[str, Any]) -> tuple[str, str]:
        content = delta.get("content")
        if not isinstance(content, list):
            return string(content, "content"), ""
        text, reasoning = "", ""
        for item in content:
            piece = mapping(item, "a piece of content")
            if piece.get("type") == "thinking":
                reasoning += _thought(piece.get("thinking"))
            elif piece.get("type") == "text":
                text += string(piece.get("text"), "text")
        return text, reasoning

    @override
    def usage_of(self, body: Mapping[str, Any], source: UsageSource) -> Usage:
        return mistral_usage(body, source=source)


def _thought(thinking: object) -> str:
    if isinstance(thinking, str):
        return thinking
    pieces = (mapping(piece, "a thought") for piece in listed(thinking, "thinking"))
    return "".join(string(piece.get("text"), "a thought") for piece in pieces)
