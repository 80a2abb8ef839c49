"""Reading a request of Anthropic's Messages."""

from collections.abc import Mapping
from typing import Any

from bluegpt.providers.adapters.sandbox import anthropic_errors, attachments
from bluegpt.providers.adapters.sandbox.ask import Ask, Attachment, CacheMark, Said
from bluegpt.providers.adapters.sandbox.fields import Fields, known
from bluegpt.providers.adapters.sandbox.models import MODELS, OUTPUT_TOKENS_MAX

THINKING_BUDGET_MIN = 1_024
_COUNTED_FIELDS = known("anthropic_count_tokens")
_FIELDS = known("anthropic_messages")
_PARTS = ("text", "image", "document")
_SKIPPED = (  # earlier thoughts and tools say nothing to a script
    *("thinking", "redacted_thinking", "tool_use", "tool_result", "server_tool_use"),
    *("web_search_tool_result", "search_result", "container_upload", "compaction"),
)


def read(body: Any, headers: Mapping[str, str]) -> Ask:
    """Raises a refusal in Anthropic's words."""
    fields = _opened(body, headers)
    fields.only(_FIELDS)
    limit = _limit(fields)
    fields.number_within("temperature", 0, 1)
    fields.number_within("top_p", 0, 1)
    metadata = fields.inner("metadata")
    thinks, shows_thinking = _thinking(fields, limit)
    return Ask(
        model=fields.text("model"),
        system=_system(fields),
        turns=_turns(fields),
        is_stream=fields.flag("stream"),
        max_output_tokens=limit,
        stops=fields.texts("stop_sequences", most=8_191),
        thinks=thinks,
        shows_thinking=shows_thinking,
        user_id=metadata.text("user_id", "") if metadata else "",
        caches_by_itself=False,
        cache_mark=_cache_mark(fields),
    )


def read_for_count(body: Any, headers: Mapping[str, str]) -> Ask:
    """What `count_tokens` takes: the same without a limit."""
    fields = _opened(body, headers)
    fields.only(_COUNTED_FIELDS)
    return Ask(
        model=fields.text("model"),
        system=_system(fields),
        turns=_turns(fields),
        is_stream=False,
    )


def _opened(body: Any, headers: Mapping[str, str]) -> Fields:
    if not headers.get("anthropic-version"):
        raise anthropic_errors.VOICE.wrong_value.refusal(
            at="anthropic-version", why="header is required"
        )
    return Fields(body, anthropic_errors.VOICE)


def _limit(fields: Fields) -> int:
    limit = fields.integer("max_tokens", least=1)
    if limit > OUTPUT_TOKENS_MAX:
        why = f"{limit} > {OUTPUT_TOKENS_MAX}, which is the maximum allowed number of output tokens"
        raise fields.refuse("max_tokens", f"{why} for {fields.text('model')}")
    return limit


def _thinking(fields: Fields, limit: int) -> tuple[bool, bool]:
    """Whether the model thinks, and whether its thoughts are sent: both, unless told not to."""
    model = fields.text("model")
    thinks = model in MODELS and MODELS[model].thinks
    thinking = fields.inner("thinking")
    if thinking is None:
        return thinks, thinks
    kind = thinking.choice("type", ("enabled", "adaptive", "disabled", "between_tools"))
    if kind == "enabled":
        budget = thinking.integer("budget_tokens", least=THINKING_BUDGET_MIN)
        if budget >= limit:
            raise fields.refuse("max_tokens", "must be greater than `thinking.budget_tokens`")
    thinks = thinks and kind in ("enabled", "adaptive")
    display = thinking.choice("display", ("summarized", "omitted"), "summarized")
    return thinks, thinks and display == "summarized"


def _system(fields: Fields) -> str:
    if not isinstance(fields.raw("system"), list):
        return fields.text("system", "")
    return "\n\n".join(block.text("text") for block in fields.each("system"))


def _turns(fields: Fields) -> tuple[Said, ...]:
    messages = fields.each("messages")
    if not messages:
        raise fields.refuse("messages", "at least one message is required")
    turns = tuple(map(_said, messages))
    if turns[0].role != "user":
        raise fields.refuse("messages", 'first message must use the "user" role')
    return turns


def _said(message: Fields) -> Said:
    role = message.choice("role", ("user", "assistant"))
    if isinstance(message.raw("content"), str):
        text = message.text("content")
        if not text.strip():
            raise message.refuse("content", "text content must not be empty")
        return Said(role=role, text=text)
    texts, attached = [], []
    for block in message.each("content"):
        kind = block.choice("type", (*_PARTS, *_SKIPPED))
        if kind == "text":
            texts.append(_text(block))
        elif kind in _PARTS:
            attached.append(_attachment(block, kind))
    return Said(role=role, text="\n\n".join(texts), attachments=tuple(attached))


def _text(block: Fields) -> str:
    text = block.text("text")
    if not text:
        raise block.refuse("text", "text content blocks must be non-empty")
    return text


def _attachment(block: Fields, kind: str) -> Attachment:
    source = block.inner("source")
    if source is None:
        raise block.missing("source")
    form = source.choice("type", ("base64", "url"))
    if form == "url":
        return attachments.LINK
    media_type = source.text("media_type")
    if (media_type == attachments.PDF) != (kind == "document"):
        raise source.refuse("media_type", f"{media_type} does not belong in a block of {kind}")
    return attachments.from_base64(media_type, source.text("data"), source, "data")


def _cache_mark(fields: Fields) -> CacheMark | None:
    """The furthest `cache_control`: on the request, on a turn's blocks or on the instructions."""
    if mark := fields.inner("cache_control"):
        return CacheMark(turns=len(fields.each("messages")), is_long=_is_long(mark))
    for turns, message in reversed(list(enumerate(fields.each("messages"), 1))):
        if mark := _mark_of(message, "content"):
            return CacheMark(turns=turns, is_long=_is_long(mark))
    if mark := _mark_of(fields, "system"):
        return CacheMark(turns=0, is_long=_is_long(mark))
    return None


def _mark_of(fields: Fields, name: str) -> Fields | None:
    if not isinstance(fields.raw(name), list):
        return None
    marks = (block.inner("cache_control") for block in fields.each(name))
    return next(filter(None, marks), None)


def _is_long(mark: Fields) -> bool:
    mark.choice("type", ("ephemeral",))
    return mark.choice("ttl", ("5m", "1h"), "5m") == "1h"
