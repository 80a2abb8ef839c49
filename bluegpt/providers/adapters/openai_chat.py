"""OpenAI's Chat Completions: OpenAI itself, and everything that is compatible with it."""

from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from typing_extensions import override

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.chat_chunks import ChunkReading
from bluegpt.providers.adapters.conversation import Question, check, converse
from bluegpt.providers.adapters.reading import string
from bluegpt.providers.rules.openai_usage import chat_usage
from bluegpt.providers.types.chat import ChatRequest, Delta
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.turns import ImagePart, Part, PdfPart, Role, TextPart, Turn
from bluegpt.providers.types.usage import Usage, UsageSource


class OpenAIChat:
    """Servers that are merely compatible get the fields that all of them understand."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def chat(self, request: ChatRequest, *, clearance: Clearance) -> AsyncGenerator[Delta, None]:
        """Stream one answer."""
        check(request, clearance)
        key = self._route.api_key
        question = Question(
            base_url=self._route.base_url,
            path="/chat/completions",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            body=_body(request, clearance, is_portable=self._route.is_portable),
        )
        return converse(question, ChatReading(request))


def _body(request: ChatRequest, clearance: Clearance, *, is_portable: bool) -> dict[str, Any]:
    messages = [_message(turn) for turn in request.turns]
    if request.system:
        role = "system" if is_portable else "developer"
        messages.insert(0, {"role": role, "content": request.system})
    body: dict[str, Any] = {
        "model": request.model.wire_name,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if is_portable:
        return body | {"max_tokens": request.max_output_tokens, "user": clearance.pairwise_id}
    return body | {
        "max_completion_tokens": request.max_output_tokens,
        "safety_identifier": clearance.pairwise_id,
        "store": False,
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
            # "auto" may spend five times the tokens on a large picture.
            return {"type": "image_url", "image_url": {"url": url, "detail": "high"}}
        case PdfPart():
            data = f"data:application/pdf;base64,{b64encode(part.data).decode()}"
            return {"type": "file", "file": {"filename": part.name, "file_data": data}}


class ChatReading(ChunkReading):
    """Reasoning has two names among compatible servers; OpenAI itself gives none here."""

    @override
    def pieces(self, delta: Mapping[str, Any]) -> tuple[str, str]:
        reasoning = delta.get("reasoning_content") or delta.get("reasoning")
        return string(delta.get("content"), "content"), string(reasoning, "reasoning")

    @override
    def usage_of(self, body: Mapping[str, Any], source: UsageSource) -> Usage:
        return chat_usage(body, source=source)
