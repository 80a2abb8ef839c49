"""Answers in OpenAI's shapes. Fields of our own stand under `bluegpt`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bluegpt.core.money import credits_text
from bluegpt.providers.types.chat import FinishReason
from bluegpt.studio.types.calls import CallView

_FINISH = {
    FinishReason.COMPLETE: "stop",
    FinishReason.LENGTH: "length",
    FinishReason.REFUSAL: "content_filter",
    FinishReason.TOOL: "stop",  # no tool was offered, so there is nothing to call
}

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every piece of one answer says."""

    call_id: UUID
    begun_at: datetime
    model_key: str

    def completion(self, *, text: str, reasoning: str, call: CallView) -> Body:
        """The whole answer."""
        message: Body = {"role": "assistant", "content": text, "refusal": None}
        if reasoning:
            message["reasoning_content"] = reasoning
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": finish_of(call),
        }
        return self._body("chat.completion", [choice]) | {"usage": usage_of(call)}

    def chunk(self, delta: Body, *, finish: str | None = None) -> Body:
        """A piece of a streamed answer."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._body("chat.completion.chunk", [choice])

    def usage_chunk(self, call: CallView) -> Body:
        """The last piece, when the caller asked for it."""
        return self._body("chat.completion.chunk", []) | {"usage": usage_of(call)}

    def _body(self, kind: str, choices: list[Body]) -> Body:
        return {
            "id": f"chatcmpl-{self.call_id.hex}",
            "object": kind,
            "created": int(self.begun_at.timestamp()),
            "model": self.model_key,
            "choices": choices,
        }


def finish_of(call: CallView) -> str:
    """Why the answer ended, in OpenAI's words."""
    return _FINISH[call.finish] if call.finish else "stop"


def usage_of(call: CallView) -> Body:
    """Tokens as OpenAI counts them, cached ones inside the prompt's; and what they cost."""
    usage = call.usage
    return {
        "prompt_tokens": usage.context_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.context_tokens + usage.output_tokens,
        "prompt_tokens_details": {
            "cached_tokens": usage.cached_input_tokens,
            "cache_write_tokens": usage.cache_write_tokens + usage.cache_write_long_tokens,
            "image_tokens": usage.image_input_tokens,
            "audio_tokens": usage.audio_input_tokens,
        },
        "completion_tokens_details": {
            "reasoning_tokens": usage.reasoning_tokens,
            "audio_tokens": usage.audio_output_tokens,
        },
        "bluegpt": cost_of(call),
    }


def cost_of(call: CallView) -> Body:
    """What was charged. In doubt, nothing is until somebody has looked at the reported usage.

    `code` tells an answer that the balance cut short from one that the caller's limit did.
    """
    return {
        "charged_microcredits": call.charged_microcredits,
        "charged_credits": credits_text(call.charged_microcredits),
        "usage_source": call.usage.source,
        "is_in_doubt": call.cost_is_in_doubt,
        "code": call.error_code or None,
    }


def picture_usage(call: CallView, *, made_count: int) -> dict[str, Any]:
    """What pictures counted, in OpenAI's words, and what they cost in ours."""
    usage = call.usage
    return {
        "input_tokens": usage.context_tokens,
        "input_tokens_details": {
            "text_tokens": usage.context_tokens - usage.image_input_tokens,
            "image_tokens": usage.image_input_tokens,
        },
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {
            "image_tokens": usage.image_output_tokens,
            "text_tokens": usage.text_output_tokens,
        },
        "total_tokens": usage.context_tokens + usage.output_tokens,
        "bluegpt": cost_of(call) | {"pictures": made_count},
    }
