"""Google's Gemini API, `streamGenerateContent`. Source: Google's API reference, google-genai."""

from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import quote

from typing_extensions import override

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import Question, check, converse
from bluegpt.providers.adapters.reading import (
    Reading,
    listed,
    mapping,
    optional_mapping,
    parsed,
    string,
)
from bluegpt.providers.adapters.sse import ServerEvent
from bluegpt.providers.rules.failures import complaint, stream_failure
from bluegpt.providers.rules.finishes import google_finish
from bluegpt.providers.rules.google_usage import generate_usage
from bluegpt.providers.types.chat import ChatRequest, Delta, FinishReason
from bluegpt.providers.types.models import Route, Thinking
from bluegpt.providers.types.turns import ImagePart, Part, PdfPart, Role, TextPart, Turn
from bluegpt.providers.types.usage import UsageSource


class GoogleGenerate:
    """The API has no field for who asks, so nobody is named; `store: false` turns logging off."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def chat(self, request: ChatRequest, *, clearance: Clearance) -> AsyncGenerator[Delta, None]:
        """Stream one answer."""
        check(request, clearance)
        name = quote(request.model.wire_name, safe="")
        question = Question(
            base_url=self._route.base_url,
            path=f"/v1beta/models/{name}:streamGenerateContent?alt=sse",
            headers={"x-goog-api-key": self._route.api_key},
            body=_body(request, thinking=self._route.thinking),
        )
        return converse(question, GenerateReading(request))


def _body(request: ChatRequest, *, thinking: Thinking) -> dict[str, Any]:
    generation: dict[str, Any] = {"maxOutputTokens": request.max_output_tokens}
    if thinking is not Thinking.NONE:
        generation["thinkingConfig"] = {"includeThoughts": True}
    body: dict[str, Any] = {
        "contents": [_content(turn) for turn in request.turns],
        "generationConfig": generation,
        "store": False,
    }
    if request.system:
        body["systemInstruction"] = {"parts": [{"text": request.system}]}
    return body


def _content(turn: Turn) -> dict[str, Any]:
    role = "user" if turn.role is Role.USER else "model"
    return {"role": role, "parts": [_part(part) for part in turn.parts]}


def _part(part: Part) -> dict[str, Any]:
    match part:
        case TextPart():
            return {"text": part.text}
        case ImagePart():
            return _inline(part.media_type, part.data)
        case PdfPart():
            return _inline("application/pdf", part.data)


def _inline(media_type: str, data: bytes) -> dict[str, Any]:
    return {"inlineData": {"mimeType": media_type, "data": b64encode(data).decode()}}


class GenerateReading(Reading):
    """No closing event: the chunk with the finish reason is the last that matters."""

    _searches = 0

    @property
    @override
    def is_whole(self) -> bool:
        return self.finish is not None

    @override
    def read(self, event: ServerEvent) -> Delta | None:
        chunk = parsed(event.data)
        if chunk.get("error") is not None:
            return self.fail(stream_failure(complaint(chunk)))
        self.response_id = self.response_id or string(chunk.get("responseId"), "an id")
        text, reasoning = self._candidate(listed(chunk.get("candidates"), "candidates"))
        feedback = optional_mapping(chunk.get("promptFeedback"), "feedback")
        if feedback.get("blockReason"):
            self.finish = FinishReason.REFUSAL
        usage = chunk.get("usageMetadata")
        if usage is not None:
            source = UsageSource.PARTIAL if self.finish is None else UsageSource.FINAL
            self.count(
                usage,
                lambda body: generate_usage(body, source=source, searches=self._searches),
            )
        return self.delta(text=text, reasoning=reasoning)

    def _candidate(self, candidates: list[Any]) -> tuple[str, str]:
        if not candidates:
            return "", ""
        candidate = mapping(candidates[0], "a candidate")
        reason = string(candidate.get("finishReason"), "a finish reason")
        if reason:
            self.finish = google_finish(reason)
        grounding = optional_mapping(candidate.get("groundingMetadata"), "grounding")
        queries = listed(grounding.get("webSearchQueries"), "queries")
        self._searches = max(self._searches, len(queries))
        content = optional_mapping(candidate.get("content"), "content")
        text, reasoning = "", ""
        for item in listed(content.get("parts"), "parts"):
            part = mapping(item, "a part")
            piece = string(part.get("text"), "text")
            if part.get("thought"):
                reasoning += piece
            else:
                text += piece
        return text, reasoning
