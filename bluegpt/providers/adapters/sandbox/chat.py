"""OpenAI's chat completions, with the few fields that Mistral adds to them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox import attachments, openai_errors
from bluegpt.providers.adapters.sandbox.ask import Ask, Attachment, Said
from bluegpt.providers.adapters.sandbox.dialect import (
    HOLE,
    Answer,
    Frames,
    data_event,
    halves,
)
from bluegpt.providers.adapters.sandbox.fields import Fields, known
from bluegpt.providers.adapters.sandbox.models import MODELS, OUTPUT_TOKENS_MAX
from bluegpt.providers.adapters.sandbox.plan import Counts, Finish, Plan
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording

_FIELDS = known("openai_chat") | known("mistral_chat")
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_FINISHES = {
    Finish.COMPLETE: "stop",
    Finish.STOP: "stop",
    Finish.LENGTH: "length",
    Finish.REFUSAL: "stop",
    Finish.FILTER: "content_filter",
}
_END = b"data: [DONE]\n\n"


class Chat:
    """`POST /v1/chat/completions`."""

    wire = "openai_chat"
    request_id_header = openai_errors.REQUEST_ID_HEADER
    errors: Mapping[str, Wording] = openai_errors.ERRORS

    def read(self, body: Any, headers: Mapping[str, str]) -> Ask:
        fields = Fields(body, openai_errors.VOICE)
        fields.only(_FIELDS)
        model = fields.text("model")
        is_stream = fields.flag("stream")
        effort = fields.choice("reasoning_effort", EFFORTS, "medium")
        _check_unused(fields)
        system, turns = _conversation(fields)
        return Ask(
            model=model,
            system=system,
            turns=turns,
            is_stream=is_stream,
            max_output_tokens=_limit(fields),
            stops=fields.texts("stop", most=4),
            thinks=model in MODELS and MODELS[model].thinks and effort != "none",
            wants_usage=not is_stream or _wants_usage(fields),
            user_id=user_id(fields),
            is_stored=fields.flag("store") if fields.has("store") else None,
        )

    def whole(self, answer: Answer) -> bytes:
        plan = answer.plan
        is_refused = plan.finish is Finish.REFUSAL
        message: dict[str, Any] = {
            "role": "assistant",
            "content": None if is_refused else plan.text.json(),
            "refusal": plan.text.json() if is_refused else None,
            "annotations": [],
        }
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": _FINISHES[plan.finish],
        }
        usage = {"usage": _usage(plan.counts)} if plan.counts else {}
        return orjson.dumps(_envelope(answer, "chat.completion") | {"choices": [choice]} | usage)

    def frames(self, answer: Answer) -> Frames:
        return Frames(
            opening=data_event(
                _chunk(answer, {"role": "assistant", "content": "", "refusal": None})
            ),
            tokens=_tokens(answer),
            closing=_closing(answer),
            failure=_failure,
        )

    def error_body(self, refusal: Refusal, request_id: str) -> bytes:
        return openai_errors.error_body(refusal)


def user_id(fields: Fields) -> str:
    """Who the client says is asking: the new field, or the one it replaces."""
    identifier = fields.text("safety_identifier", "")
    if len(identifier) > 64:
        raise fields.refuse("safety_identifier", "expected at most 64 characters")
    return identifier or fields.text("user", "")


def _check_unused(fields: Fields) -> None:
    """Fields that change nothing here, but that the real one would refuse."""
    fields.number_within("temperature", 0, 2)
    fields.number_within("top_p", 0, 1)
    if fields.integer("n", least=1, default=1) != 1:
        raise fields.refuse("n", "the sandbox gives one choice")
    response_format = fields.inner("response_format")
    if response_format and response_format.text("type") != "text":
        raise fields.refuse("response_format", "the sandbox answers in text only")


def _limit(fields: Fields) -> int | None:
    names = [name for name in ("max_completion_tokens", "max_tokens") if fields.has(name)]
    if len(names) == 2:
        raise fields.refuse("max_tokens", "max_completion_tokens replaces it; give one of them")
    if not names:
        return None
    limit = fields.integer(names[0], least=1)
    if limit > OUTPUT_TOKENS_MAX:
        raise fields.refuse(names[0], f"this model supports at most {OUTPUT_TOKENS_MAX} tokens")
    return limit


def _wants_usage(fields: Fields) -> bool:
    options = fields.inner("stream_options")
    return options is not None and options.flag("include_usage")


def _conversation(fields: Fields) -> tuple[str, tuple[Said, ...]]:
    if fields.has("stream_options") and not fields.flag("stream"):
        raise fields.refuse("stream_options", "only allowed when 'stream' is enabled")
    messages = fields.each("messages")
    if not messages:
        raise fields.refuse("messages", "expected at least one message")
    system, turns = [], []
    for message in messages:
        role = message.choice(
            "role", ("developer", "system", "user", "assistant", "tool", "function")
        )
        said = _said(message, role)
        if role in ("developer", "system"):
            system.append(said.text)
        else:
            turns.append(said)
    return "\n\n".join(system), tuple(turns)


def _said(message: Fields, role: str) -> Said:
    speaker = "assistant" if role == "assistant" else "user"
    content = message.raw("content")
    if content is None and role == "assistant":  # a turn that only called tools, or declined
        return Said(role=speaker, text=message.text("refusal", ""))
    if isinstance(content, str):
        return Said(role=speaker, text=content)
    texts, attached = [], []
    for part in message.each("content"):
        if part.text("type") in ("text", "refusal"):
            texts.append(part.text(part.text("type")))
        else:
            attached.append(_attachment(part))
    return Said(role=speaker, text="\n\n".join(texts), attachments=tuple(attached))


def _attachment(part: Fields) -> Attachment:
    kind = part.choice("type", ("text", "image_url", "file", "input_audio"))
    if kind == "image_url" and (image := part.inner("image_url")):
        return attachments.from_url(image.text("url"), image, "url")
    if kind == "file" and (file := part.inner("file")):
        if file.has("file_id"):
            raise file.refuse("file_id", "the sandbox keeps no files")
        return attachments.from_url(file.text("file_data"), file, "file_data")
    if kind == "input_audio":
        raise part.refuse("type", "the sandbox does not listen to audio")
    raise part.missing(kind)


def _envelope(answer: Answer, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": kind,
        "created": answer.created,
        "model": answer.ask.model,
        "service_tier": "default",
        "system_fingerprint": "fp_sandbox",
    }


def _chunk(answer: Answer, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    usage = {"usage": None} if answer.ask.wants_usage else {}
    return _envelope(answer, "chat.completion.chunk") | {"choices": [choice]} | usage


def _tokens(answer: Answer) -> Iterator[bytes]:
    """Reasoning is counted but not shown on this wire."""
    field = "refusal" if answer.plan.finish is Finish.REFUSAL else "content"
    if answer.plan.usage_of_pieces:
        yield from _counted_tokens(answer, field)
        return
    head, tail = halves(data_event(_chunk(answer, {field: orjson.Fragment(b'"%b"' % HOLE)})))
    for piece in answer.plan.text:
        yield head + piece + tail


def _counted_tokens(answer: Answer, field: str) -> Iterator[bytes]:
    """As some compatible servers stream: each chunk says what has come, or what it brings."""
    billed, is_growing = answer.plan.billed, answer.plan.usage_of_pieces == "growing"
    for number, piece in enumerate(answer.plan.text, 1):
        chunk = _chunk(answer, {field: orjson.Fragment(b'"%b"' % piece)})
        output = billed.reasoning_tokens + number if is_growing else 1
        reasoning = billed.reasoning_tokens if is_growing else 0
        counts = replace(billed, output_tokens=output, reasoning_tokens=reasoning)
        yield data_event(chunk | {"usage": _usage(counts)})


def _closing(answer: Answer) -> bytes:
    last = data_event(_chunk(answer, {}, _FINISHES[answer.plan.finish]))
    return last + _usage_chunks(answer, answer.plan) + _END


def _usage_chunks(answer: Answer, plan: Plan) -> bytes:
    if plan.counts is None or not (answer.ask.wants_usage or plan.tells_unasked):
        return b""
    chunk = _envelope(answer, "chat.completion.chunk")
    told = filter(None, (plan.counts, plan.counts_again))
    return b"".join(data_event(chunk | {"choices": [], "usage": _usage(counts)}) for counts in told)


def _usage(counts: Counts) -> dict[str, Any]:
    return {
        "prompt_tokens": counts.input_tokens,
        "completion_tokens": counts.output_tokens,
        "total_tokens": counts.total_tokens,
        "prompt_tokens_details": {
            "cached_tokens": counts.cached_tokens,
            "audio_tokens": counts.audio_tokens,
            "image_tokens": counts.image_tokens,
        },
        "completion_tokens_details": {
            "reasoning_tokens": counts.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _failure(after: int) -> bytes:
    error = openai_errors.error_object(openai_errors.ERRORS["500"].refusal())
    return data_event({"error": error})
