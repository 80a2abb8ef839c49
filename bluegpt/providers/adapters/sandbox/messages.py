"""Anthropic's Messages: blocks that open, grow and close."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox import anthropic_errors, messages_request
from bluegpt.providers.adapters.sandbox.ask import Ask
from bluegpt.providers.adapters.sandbox.dialect import (
    HOLE,
    Answer,
    Frames,
    halves,
    named_event,
)
from bluegpt.providers.adapters.sandbox.plan import Counts, Finish
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording

_FINISHES = {
    Finish.COMPLETE: "end_turn",
    Finish.STOP: "stop_sequence",
    Finish.LENGTH: "max_tokens",
    Finish.REFUSAL: "refusal",
    Finish.FILTER: "refusal",
}
_SIGNATURE = "c2FuZGJveC1zaWduYXR1cmUtdGhhdC1zaWducy1ub3RoaW5n"
_HOLE_TEXT = orjson.Fragment(b'"%b"' % HOLE)


class Messages:
    """`POST /v1/messages`."""

    wire = "anthropic_messages"
    request_id_header = anthropic_errors.REQUEST_ID_HEADER
    errors: Mapping[str, Wording] = anthropic_errors.ERRORS

    def read(self, body: Any, headers: Mapping[str, str]) -> Ask:
        return messages_request.read(body, headers)

    def whole(self, answer: Answer) -> bytes:
        plan = answer.plan
        content = []
        if _thinks(answer):
            thought = plan.reasoning.json() if answer.ask.shows_thinking else ""
            content.append({"type": "thinking", "thinking": thought, "signature": _SIGNATURE})
        if _speaks(answer):
            content.append({"type": "text", "text": plan.text.json()})
        usage = {"usage": _whole_usage(answer, plan.counts)} if plan.counts else {}
        message = _message(answer) | {"content": content} | _stop(answer) | usage
        return orjson.dumps(message)

    def frames(self, answer: Answer) -> Frames:
        opening = [_message_start(answer)]
        between: list[Mapping[str, Any]] = []
        if _thinks(answer):
            opening += [_thinking_start(), {"type": "ping"}]
            between += [
                _delta(0, "signature_delta", signature=_SIGNATURE),
                _block_stop(0),
            ]
            if _speaks(answer):
                between.append(_text_start(1))
        elif _speaks(answer):
            opening.append(_text_start(0))
            if answer.plan.text.length:
                opening.append({"type": "ping"})
        joint = b"".join(map(named_event, between))
        closing = b"" if answer.plan.text.length else joint
        if _speaks(answer):
            closing += named_event(_block_stop(_text_index(answer)))
        return Frames(
            opening=b"".join(map(named_event, opening)),
            tokens=_tokens(answer, joint),
            closing=closing + _closing(answer),
            failure=_failure,
        )

    def error_body(self, refusal: Refusal, request_id: str) -> bytes:
        return anthropic_errors.error_body(refusal, request_id)


def _thinks(answer: Answer) -> bool:
    return answer.plan.reasoning.length > 0


def _speaks(answer: Answer) -> bool:
    """A limit reached in mid-thought leaves no text block; a silent refusal leaves an empty one."""
    return answer.plan.text.length > 0 or answer.plan.finish is not Finish.LENGTH


def _text_index(answer: Answer) -> int:
    return int(_thinks(answer))


def _message(answer: Answer) -> dict[str, Any]:
    return {
        "model": answer.ask.model,
        "id": f"msg_{answer.id}",
        "type": "message",
        "role": "assistant",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }


def _message_start(answer: Answer) -> dict[str, Any]:
    counts = answer.plan.counts
    message = _message(answer)
    if counts:
        message["usage"] = _whole_usage(answer, counts) | {"output_tokens": 1}
        del message["usage"]["output_tokens_details"]  # not known before the end
    return {"type": "message_start", "message": message}


def _text_start(index: int) -> dict[str, Any]:
    block = {"type": "text", "text": ""}
    return {"type": "content_block_start", "index": index, "content_block": block}


def _thinking_start() -> dict[str, Any]:
    block = {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "content_block_start", "index": 0, "content_block": block}


def _delta(index: int, kind: str, **facts: Any) -> dict[str, Any]:
    return {
        "type": "content_block_delta",
        "index": index,
        "delta": {"type": kind} | facts,
    }


def _block_stop(index: int) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def _tokens(answer: Answer, joint: bytes) -> Iterator[bytes]:
    """One event per token; the end of the thinking travels with the first word said."""
    if _thinks(answer) and answer.ask.shows_thinking:
        template = _delta(0, "thinking_delta", thinking=_HOLE_TEXT)
        head, tail = halves(named_event(template))
        for piece in answer.plan.reasoning:
            yield head + piece + tail
    template = _delta(_text_index(answer), "text_delta", text=_HOLE_TEXT)
    head, tail = halves(named_event(template))
    for piece in answer.plan.text:
        yield joint + head + piece + tail
        joint = b""


def _closing(answer: Answer) -> bytes:
    plan = answer.plan
    event: dict[str, Any] = {"type": "message_delta", "delta": _stop(answer)}
    if plan.counts is None:
        return named_event(event) + named_event({"type": "message_stop"})
    told = filter(None, (plan.counts, plan.counts_again))
    events = (named_event(event | {"usage": _usage(counts)}) for counts in told)
    return b"".join(events) + named_event({"type": "message_stop"})


def _stop(answer: Answer) -> dict[str, Any]:
    reason = _FINISHES[answer.plan.finish]
    stop = {"stop_reason": reason, "stop_sequence": answer.plan.stop_sequence}
    if reason != "refusal":
        return stop
    why = "The sandbox was told to refuse."
    details = {"type": "refusal", "category": "general_harms", "explanation": why}
    return stop | {"stop_details": details}


def _whole_usage(answer: Answer, counts: Counts) -> dict[str, Any]:
    """What a message carries from its start; a stream's last word is shorter."""
    mark = answer.ask.cache_mark
    is_long = mark is not None and mark.is_long
    return _usage(counts) | {
        "cache_creation": {
            "ephemeral_5m_input_tokens": 0 if is_long else counts.written_tokens,
            "ephemeral_1h_input_tokens": counts.written_tokens if is_long else 0,
        },
        "service_tier": "standard",
        "inference_geo": "global",
    }


def _usage(counts: Counts) -> dict[str, Any]:
    """`input_tokens` leaves out what was read from the cache or written to it."""
    usage: dict[str, Any] = {
        "input_tokens": counts.uncached_tokens,
        "cache_creation_input_tokens": counts.written_tokens,
        "cache_read_input_tokens": counts.cached_tokens,
        "output_tokens": counts.output_tokens,
        "output_tokens_details": {"thinking_tokens": counts.reasoning_tokens},
    }
    if counts.searches:
        fees = {"web_search_requests": counts.searches, "web_fetch_requests": 0}
        usage["server_tool_use"] = fees
    return usage


def _failure(after: int) -> bytes:
    return named_event(anthropic_errors.error_event())
