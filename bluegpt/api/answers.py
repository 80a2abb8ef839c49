"""An answer on behalf of a caller: begun, given whole, ended when the caller hangs up."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from bluegpt.api import refusals
from bluegpt.api.errors import AnswerInterrupted
from bluegpt.api.shapes import Frame, cost_of
from bluegpt.core.errors import BlueError
from bluegpt.core.money import credits_text
from bluegpt.studio.errors import UnknownAnswer
from bluegpt.studio.flows import chat, live
from bluegpt.studio.types.calls import Asked, CallState, CallView
from bluegpt.studio.types.prompts import Prompt

R = TypeVar("R", bound=HttpResponseBase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that has begun. `outlives_caller`: somebody may still take it up by its key."""

    prompt: Prompt
    asked: Asked
    outlives_caller: bool

    @property
    def frame(self) -> Frame:
        return Frame(
            call_id=self.asked.call_id,
            begun_at=self.asked.begun_at,
            model_key=self.prompt.model_key,
        )


async def begin(prompt: Prompt, *, outlives_caller: bool) -> Answer:
    """Ask. When the caller hangs up while the hold is placed, the hold still gets its end."""
    beginning = asyncio.create_task(chat.complete(prompt))
    try:
        asked = await asyncio.shield(beginning)
    except asyncio.CancelledError:
        with suppress(BlueError):
            asked = await beginning
            await hang_up(Answer(prompt=prompt, asked=asked, outlives_caller=outlives_caller))
        raise
    return Answer(prompt=prompt, asked=asked, outlives_caller=outlives_caller)


async def hang_up(answer: Answer) -> None:
    """Nobody listens any more: cancel the provider's work and settle what was used. Idempotent.

    Whoever only listened to a repeat leaves the answer to the one who asked first.
    """
    if not answer.outlives_caller and not answer.asked.is_repeated:
        await live.stop(person_id=answer.prompt.person_id, call_id=answer.asked.call_id)


async def whole(answer: Answer) -> HttpResponse:
    """The finished answer as one response."""
    person_id, call_id = answer.prompt.person_id, answer.asked.call_id
    try:
        said, call = await live.finished_text(person_id=person_id, call_id=call_id)
    except asyncio.CancelledError:
        await hang_up(answer)
        raise
    except UnknownAnswer:
        raise AnswerInterrupted from None
    completion = answer.frame.completion(text=said.text, reasoning=said.reasoning, call=call)
    if call.state is CallState.COMPLETE:
        response = HttpResponse(orjson.dumps(completion), content_type="application/json")
        response["Cache-Control"] = "no-store"
    else:
        body, status = cut_short(call)
        if said.text or said.reasoning:
            body["partial"] = completion  # it was paid for
        response = refusals.response(body, status=status, was_charged=_was_charged(call))
    response["X-Bluegpt-Credits-Charged"] = credits_text(call.charged_microcredits)
    return named(answer.asked, response)


def cut_short(call: CallView) -> tuple[refusals.Body, int]:
    """Why an answer has no end, and what was charged for its beginning."""
    body, status = refusals.ended(call)
    body["error"]["bluegpt"] = cost_of(call)
    return body, status


def refused(asked: Asked, call: CallView) -> HttpResponse:
    """The response for an answer of which nothing came."""
    body, status = cut_short(call)
    response = refusals.response(body, status=status, was_charged=_was_charged(call))
    return named(asked, response)


def named(asked: Asked, response: R) -> R:
    """The same response with what is known of the call before its end."""
    response["X-Request-Id"] = str(asked.call_id)
    response["X-Bluegpt-Credits-Ceiling"] = credits_text(asked.ceiling_microcredits)
    if asked.is_repeated:
        response["Idempotency-Replayed"] = "true"
    return response


def _was_charged(call: CallView) -> bool:
    return call.charged_microcredits > 0 or call.cost_is_in_doubt
