"""Why an answer ended: each provider's words in ours.

A word that is new to us comes with a properly ended answer, so it counts as complete.
"""

from bluegpt.providers.types.chat import FinishReason

_CHAT = {
    "length": FinishReason.LENGTH,
    "model_length": FinishReason.LENGTH,
    "content_filter": FinishReason.REFUSAL,
    "tool_calls": FinishReason.TOOL,
    "function_call": FinishReason.TOOL,
}
_ANTHROPIC = {
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "refusal": FinishReason.REFUSAL,
    "tool_use": FinishReason.TOOL,
    "pause_turn": FinishReason.TOOL,
}
_GOOGLE = {
    "MAX_TOKENS": FinishReason.LENGTH,
    "CONTINUATION": FinishReason.LENGTH,
    "SAFETY": FinishReason.REFUSAL,
    "RECITATION": FinishReason.REFUSAL,
    "LANGUAGE": FinishReason.REFUSAL,
    "OTHER": FinishReason.REFUSAL,
    "BLOCKLIST": FinishReason.REFUSAL,
    "PROHIBITED_CONTENT": FinishReason.REFUSAL,
    "SPII": FinishReason.REFUSAL,
    "ESCALATION": FinishReason.REFUSAL,
    "PUP_LIMITED_DISABLED": FinishReason.REFUSAL,
    "MODEL_ARMOR": FinishReason.REFUSAL,
    "IMAGE_SAFETY": FinishReason.REFUSAL,
    "MALFORMED_FUNCTION_CALL": FinishReason.TOOL,
    "UNEXPECTED_TOOL_CALL": FinishReason.TOOL,
    "TOO_MANY_TOOL_CALLS": FinishReason.TOOL,
}
# What a safety system says of a picture; every other end without one has no reason that we know.
_GOOGLE_SAFETY = frozenset(
    {
        *("SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "RECITATION", "MODEL_ARMOR"),
        *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "JAILBREAK"),
    }
)
_RESPONSES = {
    "max_output_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.REFUSAL,
}


def chat_finish(reason: str) -> FinishReason:
    """OpenAI's, Mistral's and every compatible server's `finish_reason`."""
    return _CHAT.get(reason, FinishReason.COMPLETE)


def anthropic_finish(reason: str) -> FinishReason:
    """Anthropic's `stop_reason`."""
    return _ANTHROPIC.get(reason, FinishReason.COMPLETE)


def google_finish(reason: str) -> FinishReason:
    """Google's `finishReason`."""
    return _GOOGLE.get(reason, FinishReason.COMPLETE)


def is_google_safety(reason: str) -> bool:
    """Whether Google's reason for an end without a picture is its safety system's."""
    return reason in _GOOGLE_SAFETY


def incomplete_finish(reason: str) -> FinishReason:
    """The reason in OpenAI's `incomplete_details`; one new to us still cut the answer short."""
    return _RESPONSES.get(reason, FinishReason.LENGTH)
