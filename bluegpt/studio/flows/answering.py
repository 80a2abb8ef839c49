"""Making one answer: dispatch → stream → checkpoint → settle, whoever watches or leaves."""

import asyncio
import contextlib
from dataclasses import dataclass
from uuid import UUID

from bluegpt.core.threads import in_thread
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.services import chat as provider
from bluegpt.providers.types.chat import ChatRequest, FinishReason
from bluegpt.studio.errors import CeilingReached
from bluegpt.studio.flows.covering import Cover
from bluegpt.studio.flows.ending import Outcome, end, run
from bluegpt.studio.flows.live import LiveAnswer, house
from bluegpt.studio.queries.purses import Purse
from bluegpt.studio.services import answers


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
    cover = Cover(call_id=order.call_id, person_id=live.person_id, purse=order.purse)

    async def work(outcome: Outcome) -> None:
        await in_thread(answers.dispatch, call_id=order.call_id, clearance=order.clearance)
        await _relay(order, live, cover, outcome)

    outcome = await run(live, work)
    await cover.close()
    await end(live, outcome, model=order.request.model)


async def _relay(order: Order, live: LiveAnswer, cover: Cover, outcome: Outcome) -> None:
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
