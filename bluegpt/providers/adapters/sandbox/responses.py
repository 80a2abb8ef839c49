"""OpenAI's Responses: one object, told in numbered events."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox import openai_errors, responses_request
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

_NUMBER = 4_242_424_242  # stands in a template event where its number goes


class Responses:
    """`POST /v1/responses`."""

    wire = "openai_responses"
    request_id_header = openai_errors.REQUEST_ID_HEADER
    errors: Mapping[str, Wording] = openai_errors.ERRORS

    def read(self, body: Any, headers: Mapping[str, str]) -> Ask:
        return responses_request.read(body)

    def whole(self, answer: Answer) -> bytes:
        return orjson.dumps(_Telling(answer).final_object())

    def frames(self, answer: Answer) -> Frames:
        return _Telling(answer).frames()

    def error_body(self, refusal: Refusal, request_id: str) -> bytes:
        return openai_errors.error_body(refusal)


class _Telling:
    """The events of one response. Numbers follow from the order, so each event knows its own."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._plan = answer.plan
        self._reasoning_id = f"rs_{answer.id}"
        self._message_id = f"msg_{answer.id}"
        self._is_refused = answer.plan.finish is Finish.REFUSAL
        self._is_incomplete = answer.plan.finish in (Finish.LENGTH, Finish.FILTER)
        self._thinks = answer.plan.reasoning.length > 0
        self._shows = self._thinks and answer.ask.shows_thinking
        self._speaks = answer.plan.text.length > 0 or not self._is_incomplete

    def frames(self) -> Frames:
        shown = self._plan.reasoning.length if self._shows else 0
        opening = [self._state("response.created"), self._state("response.in_progress")]
        between: list[dict[str, Any]] = []
        closing: list[dict[str, Any]] = []
        if self._thinks:
            opening += self._reasoning_begins()
            (between if shown and self._speaks else closing if shown else opening).extend(
                self._reasoning_ends()
            )
        if self._speaks:
            (between if shown else opening).extend(self._message_begins())
            closing += self._message_ends()
        closing += self._searches() + self._ending()
        after_shown = len(opening) + shown
        if not self._plan.text.length:
            between, closing = [], between + closing
        first_text = after_shown + len(between)
        return Frames(
            opening=_numbered(opening, 0),
            tokens=self._tokens(len(opening), _numbered(between, after_shown), first_text),
            closing=_numbered(closing, first_text + self._plan.text.length),
            failure=lambda after: _failure(
                len(opening) + after + (len(between) if after > shown else 0)
            ),
        )

    def final_object(self) -> dict[str, Any]:
        return self._object("incomplete" if self._is_incomplete else "completed")

    def _tokens(self, first: int, between: bytes, first_text: int) -> Iterator[bytes]:
        """One event per token; the end of the reasoning travels with the first word said."""
        if self._shows:
            yield from _deltas(self._reasoning_delta(), self._plan.reasoning, first)
        for event in _deltas(self._text_delta(), self._plan.text, first_text):
            yield between + event
            between = b""

    def _object(self, status: str) -> dict[str, Any]:
        is_over = status != "in_progress"
        plan = self._plan
        reason = "content_filter" if plan.finish is Finish.FILTER else "max_output_tokens"
        facts: dict[str, Any] = {
            "id": f"resp_{self._answer.id}",
            "object": "response",
            "created_at": self._answer.created,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": reason} if status == "incomplete" else None,
            "output": self._output() if is_over else [],
        }
        if is_over and plan.counts:
            facts["usage"] = _usage(plan.counts)
        return facts | responses_request.echo(self._answer.body, self._answer.ask)

    def _output(self) -> list[dict[str, Any]]:
        items = []
        if self._thinks:
            items.append(self._reasoning_item(self._part_of_summary()))
        if self._speaks:
            items.append(self._message_item(self._last_status(), self._content()))
        return items + self._search_items()

    def _search_items(self) -> list[dict[str, Any]]:
        """Tools that the provider runs and bills by itself; no usage counts them."""
        action = {"type": "search", "query": "sandbox", "queries": ["sandbox"], "sources": []}
        return [
            {
                "id": f"ws_{self._answer.id}_{number}",
                "type": "web_search_call",
                "status": "completed",
                "action": action,
            }
            for number in range(self._plan.billed.searches)
        ]

    def _searches(self) -> list[dict[str, Any]]:
        first = int(self._thinks) + int(self._speaks)
        return [
            event
            for index, item in enumerate(self._search_items(), first)
            for event in (
                _item_event("added", index, item | {"status": "in_progress"}),
                _item_event("done", index, item),
            )
        ]

    def _state(self, name: str) -> dict[str, Any]:
        return {"type": name, "response": self._object("in_progress")}

    def _ending(self) -> list[dict[str, Any]]:
        """The last event; twice when the usage is to come twice."""
        final = self.final_object()
        event = {"type": f"response.{final['status']}", "response": final}
        again = self._plan.counts_again
        if again is None:
            return [event]
        return [event, event | {"response": final | {"usage": _usage(again)}}]

    def _last_status(self) -> str:
        return "incomplete" if self._is_incomplete else "completed"

    # The reasoning item

    def _reasoning_item(self, summary: list[dict[str, Any]]) -> dict[str, Any]:
        return {"id": self._reasoning_id, "type": "reasoning", "summary": summary}

    def _part_of_summary(self) -> list[dict[str, Any]]:
        if not self._shows:
            return []
        return [{"type": "summary_text", "text": self._plan.reasoning.json()}]

    def _about_summary(self, kind: str, **facts: Any) -> dict[str, Any]:
        where = {"item_id": self._reasoning_id, "output_index": 0, "summary_index": 0}
        return {"type": f"response.reasoning_summary_{kind}"} | where | facts

    def _reasoning_begins(self) -> list[dict[str, Any]]:
        events = [_item_event("added", 0, self._reasoning_item([]))]
        if self._shows:
            part = {"type": "summary_text", "text": ""}
            events.append(self._about_summary("part.added", part=part))
        return events

    def _reasoning_ends(self) -> list[dict[str, Any]]:
        parts = self._part_of_summary()
        told = [
            event
            for part in parts
            for event in (
                self._about_summary("text.done", text=part["text"]),
                self._about_summary("part.done", part=part),
            )
        ]
        return [*told, _item_event("done", 0, self._reasoning_item(parts))]

    def _reasoning_delta(self) -> dict[str, Any]:
        return self._about_summary("text.delta", delta=_HOLE_TEXT)

    # The message item

    def _message_item(self, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self._message_id,
            "type": "message",
            "status": status,
            "content": content,
            "role": "assistant",
        }

    def _content(self) -> list[dict[str, Any]]:
        return [self._part(self._plan.text.json())]

    def _part(self, text: Any) -> dict[str, Any]:
        if self._is_refused:
            return {"type": "refusal", "refusal": text}
        return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}

    def _about_part(self, kind: str, **facts: Any) -> dict[str, Any]:
        where = {
            "item_id": self._message_id,
            "output_index": int(self._thinks),
            "content_index": 0,
        }
        return {"type": f"response.{kind}"} | where | facts

    def _message_begins(self) -> list[dict[str, Any]]:
        item = self._message_item("in_progress", [])
        return [
            _item_event("added", int(self._thinks), item),
            self._about_part("content_part.added", part=self._part("")),
        ]

    def _message_ends(self) -> list[dict[str, Any]]:
        text = self._plan.text.json()
        facts = {"refusal": text} if self._is_refused else {"text": text, "logprobs": []}
        item = self._message_item(self._last_status(), self._content())
        return [
            self._about_part(f"{self._text_kind()}.done", **facts),
            self._about_part("content_part.done", part=self._part(text)),
            _item_event("done", int(self._thinks), item),
        ]

    def _text_delta(self) -> dict[str, Any]:
        facts: dict[str, Any] = {} if self._is_refused else {"logprobs": []}
        return self._about_part(f"{self._text_kind()}.delta", delta=_HOLE_TEXT, **facts)

    def _text_kind(self) -> str:
        return "refusal" if self._is_refused else "output_text"


_HOLE_TEXT = orjson.Fragment(b'"%b"' % HOLE)


def _item_event(kind: str, index: int, item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": f"response.output_item.{kind}", "output_index": index, "item": item}


def _numbered(events: Iterable[Mapping[str, Any]], first: int) -> bytes:
    return b"".join(
        named_event({**event, "sequence_number": number})
        for number, event in enumerate(events, first)
    )


def _deltas(template: Mapping[str, Any], pieces: Iterable[bytes], first: int) -> Iterator[bytes]:
    head, rest = halves(named_event({**template, "sequence_number": _NUMBER}))
    middle, tail = rest.split(b"%d" % _NUMBER)
    for number, piece in enumerate(pieces, first):
        yield b"%b%b%b%d%b" % (head, piece, middle, number, tail)


def _usage(counts: Counts) -> dict[str, Any]:
    return {
        "input_tokens": counts.input_tokens,
        "input_tokens_details": {
            "cached_tokens": counts.cached_tokens,
            "cache_write_tokens": 0,
        },
        "output_tokens": counts.output_tokens,
        "output_tokens_details": {"reasoning_tokens": counts.reasoning_tokens},
        "total_tokens": counts.total_tokens,
    }


def _failure(number: int) -> bytes:
    wording = openai_errors.ERRORS["500"]
    return named_event(
        {
            "type": "error",
            "code": wording.kind,
            "message": wording.message,
            "param": None,
            "sequence_number": number,
        }
    )
