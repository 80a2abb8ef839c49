"""Making one answer: dispatch → stream → checkpoint → settle, whoever watches or leaves."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from bluegpt.core.errors import BlueError
from bluegpt.core.threads import in_thread
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.services import chat as provider
from bluegpt.providers.types import ChatRequest, FinishReason
from bluegpt.studio.errors import CeilingReached
from bluegpt.studio.flows.covering import Cover
from bluegpt.studio.flows.live import LiveAnswer, house, interrupt
from bluegpt.studio.queries.purses import Purse
from bluegpt.studio.rules.pricing import cost_nanousd
from bluegpt.studio.services import answers
from bluegpt.studio.services.answers import Ending, Progress
from bluegpt.studio.types import CallState

logger = logging.getLogger(__name__)

# What a crash can lose of an answer's text, at most.
CHECKPOINT_S = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An answer that is held and may now be made.

    `is_cut_short` says that the balance, and not the model, set the limit of its length.
    """

    call_id: UUID
    request: ChatRequest
    clearance: Clearance
    purse: Purse
    is_cut_short: bool


def start(order: Order, live: LiveAnswer) -> None:
    """Let the answer begin; it goes on when the request that asked for it is gone."""
    house.enter(live)
    live.task = asyncio.create_task(_make(order, live), name=f"answer-{order.call_id}")


async def _make(order: Order, live: LiveAnswer) -> None:
    outcome = _Outcome()
    cover = Cover(call_id=order.call_id, person_id=live.person_id, purse=order.purse)
    keeper = asyncio.create_task(_keep(order, live))
    try:
        await in_thread(answers.dispatch, call_id=order.call_id, clearance=order.clearance)
        await _relay(order, live, cover, outcome)
    except asyncio.CancelledError:
        outcome.state = live.ended_by or CallState.INTERRUPTED
    except BlueError as error:
        outcome.state, outcome.error_code = CallState.FAILED, error.code
    except Exception:
        # Our own mistake: the person must still get their credits back, and a sentence.
        logger.exception("answer %s failed", order.call_id)
        outcome.state, outcome.error_code = CallState.FAILED, "internal"
    keeper.cancel()
    await asyncio.wait([keeper])
    await cover.close()
    await _end(order, live, outcome)


@dataclass(slots=True)
class _Outcome:
    state: CallState = CallState.COMPLETE
    finish: FinishReason | None = None
    error_code: str = ""


async def _relay(order: Order, live: LiveAnswer, cover: Cover, outcome: _Outcome) -> None:
    """Pass the stream on; stop it where what is held ends, and say so."""
    deltas = provider.stream(order.request, clearance=order.clearance)
    async with contextlib.aclosing(deltas):
        async for delta in deltas:
            live.add(delta)
            outcome.finish = delta.finish or outcome.finish
            if not delta.finish and not await cover.reaches(delta.usage.output_tokens):
                outcome.finish = FinishReason.LENGTH
                outcome.error_code = CeilingReached.code
                return
    if outcome.finish is FinishReason.LENGTH and order.is_cut_short:
        outcome.error_code = CeilingReached.code


async def _keep(order: Order, live: LiveAnswer) -> None:
    """Checkpoint now and then, and hear of a stop that was asked for elsewhere."""
    while True:
        await asyncio.sleep(CHECKPOINT_S)
        try:
            asked_to_stop = await in_thread(
                answers.checkpoint,
                call_id=order.call_id,
                progress=_progress(live),
                hold_ttl_s=settings.BLUEGPT.credits.hold_ttl_s,
            )
        except DatabaseError:
            # The next one may succeed; without any for LEASE_S the answer counts as dead.
            logger.warning("answer %s could not be checkpointed", order.call_id)
            continue
        if asked_to_stop:
            interrupt(live, CallState.STOPPED)


async def _end(order: Order, live: LiveAnswer, outcome: _Outcome) -> None:
    has_arrived = bool(live.position.text_chars or live.position.reasoning_chars)
    ending = Ending(
        state=outcome.state,
        finish=outcome.finish,
        error_code=outcome.error_code,
        # Nothing arrived, nothing is charged: what the provider may bill then is ours to bear.
        is_chargeable=has_arrived or outcome.state is CallState.COMPLETE,
        cost_nanousd=cost_nanousd(order.request.model, live.usage) if has_arrived else 0,
    )
    # A second cancellation (the process is leaving) must not cut the settlement in two.
    settled = asyncio.ensure_future(
        in_thread(answers.end, call_id=order.call_id, ending=ending, progress=_progress(live))
    )
    try:
        live.close(await asyncio.shield(settled))
        house.leave_later(live)
    except (BlueError, DatabaseError):
        # The hold stays as it is: the reaper settles it on the last checkpoint.
        logger.exception("answer %s could not be settled", order.call_id)
        house.leave(live)
        live.abandon()


def _progress(live: LiveAnswer) -> Progress:
    return Progress(
        text=live.text,
        reasoning=live.reasoning,
        usage=live.usage,
        response_id=live.response_id,
    )
