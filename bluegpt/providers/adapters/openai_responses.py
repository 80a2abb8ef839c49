"""OpenAI's Responses API. Source: OpenAI's API description, `POST /responses`."""

from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Any

from typing_extensions import override

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import Question, check, converse
from bluegpt.providers.adapters.reading import Reading, optional_mapping, parsed, string
from bluegpt.providers.adapters.sse import ServerEvent
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.failures import complaint, stream_failure
from bluegpt.providers.rules.finishes import incomplete_finish
from bluegpt.providers.rules.openai_usage import ToolUse, responses_usage, tool_use_of
from bluegpt.providers.types.chat import ChatRequest, Delta, FinishReason
from bluegpt.providers.types.models import Route, Thinking
from bluegpt.providers.types.turns import ImagePart, Part, PdfPart, Role, TextPart, Turn

_SHOW_REASONING = {"summary": "auto"}


class OpenAIResponses:
    """Nothing is stored there (`store: false`), so each question carries the conversation."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def chat(self, request: ChatRequest, *, clearance: Clearance) -> AsyncGenerator[Delta, None]:
        """Stream one answer."""
        check(request, clearance)
        body = _body(request, clearance)
        thinking = {} if self._route.thinking is Thinking.NONE else {"reasoning": _SHOW_REASONING}
        question = Question(
            base_url=self._route.base_url,
            path="/responses",
            headers={"Authorization": f"Bearer {self._route.api_key}"},
            body=body | thinking,
            # Accounts that OpenAI has not verified get no summaries of the reasoning.
            if_refused={"reasoning.summary": body},
        )
        return converse(question, ResponsesReading(request))


def _body(request: ChatRequest, clearance: Clearance) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model.wire_name,
        "input": [_item(turn) for turn in request.turns],
        "stream": True,
        "store": False,
        "max_output_tokens": request.max_output_tokens,
        "safety_identifier": clearance.pairwise_id,
    }
    if request.system:
        body["instructions"] = request.system
    return body


def _item(turn: Turn) -> dict[str, Any]:
    if turn.role is Role.ASSISTANT:
        texts = (part.text for part in turn.parts if isinstance(part, TextPart))
        return {"role": "assistant", "content": "".join(texts)}
    return {"role": "user", "content": [_content(part) for part in turn.parts]}


def _content(part: Part) -> dict[str, Any]:
    match part:
        case TextPart():
            return {"type": "input_text", "text": part.text}
        case ImagePart():
            return {
                "type": "input_image",
                "image_url": f"data:{part.media_type};base64,{b64encode(part.data).decode()}",
                # "auto" may spend five times the tokens on a large picture.
                "detail": "high",
            }
        case PdfPart():
            return {
                "type": "input_file",
                "filename": part.name,
                "file_data": f"data:application/pdf;base64,{b64encode(part.data).decode()}",
            }


class ResponsesReading(Reading):
    """Deltas by event type; the last event repeats the whole answer and brings the usage."""

    def __init__(self, request: ChatRequest) -> None:
        super().__init__(request)
        self._is_refused = self._asks_for_tool = False
        self._tools = ToolUse()

    @override
    def read(self, event: ServerEvent) -> Delta | None:
        body = parsed(event.data)
        match body.get("type"):
            case "response.output_text.delta":
                return self.delta(text=string(body.get("delta"), "text"))
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta":
                return self.delta(reasoning=string(body.get("delta"), "reasoning"))
            case "response.reasoning_summary_part.added" if body.get("summary_index"):
                return self.delta(reasoning="\n\n")
            case "response.refusal.delta":
                self._is_refused = True
                return self.delta(text=string(body.get("delta"), "refusal"))
            case "response.created":
                return self._begin(body)
            case "response.output_item.added":
                item = optional_mapping(body.get("item"), "an item")
                self._asks_for_tool |= str(item.get("type")).endswith("_call")
                return None
            case "response.output_item.done":
                ran = tool_use_of(optional_mapping(body.get("item"), "an item"))
                self._tools = ToolUse(
                    searches=self._tools.searches + ran.searches,
                    tool_calls=self._tools.tool_calls + ran.tool_calls,
                )
                return None
            case "response.completed" | "response.incomplete" | "response.failed":
                return self._close(body)
            case "error":
                return self.fail(stream_failure(complaint(body.get("error") or body)))
            case str():
                return None  # an event that is new to us
            case _:
                raise malformed("an event without a type")

    def _begin(self, body: dict[str, Any]) -> Delta:
        response = optional_mapping(body.get("response"), "a response")
        self.response_id = string(response.get("id"), "an id")
        return self.delta()

    def _close(self, body: dict[str, Any]) -> Delta | None:
        response = optional_mapping(body.get("response"), "a response")
        usage = response.get("usage")
        if usage is not None:
            self.count(usage, lambda counts: responses_usage(counts, tools=self._tools))
        if body["type"] == "response.failed":
            return self.fail(stream_failure(complaint(response.get("error"))))
        self.is_closed = True
        if body["type"] == "response.incomplete":
            details = optional_mapping(response.get("incomplete_details"), "details")
            self.finish = incomplete_finish(string(details.get("reason"), "a reason"))
        elif self._is_refused:
            self.finish = FinishReason.REFUSAL
        else:
            self.finish = FinishReason.TOOL if self._asks_for_tool else FinishReason.COMPLETE
        return None
