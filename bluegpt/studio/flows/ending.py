"""What every call in the making has in common: its signs of life, and the one end it comes to."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from bluegpt.core.errors import BlueError
from bluegpt.core.threads import in_thread
from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.models import Model
from bluegpt.studio.flows.live import LiveAnswer, house, interrupt
from bluegpt.studio.rules.pricing import cost_nanousd
from bluegpt.studio.services import answers
from bluegpt.studio.services.answers import Ending, Progress
from bluegpt.studio.types.calls import CallState, CallView

logger = logging.getLogger(__name__)

# What a crash can lose of an answer's text, at most.
CHECKPOINT_S = 2


class Write(Protocol):
    """What writes an end into the database, in one transaction."""

    def __call__(self, *, call_id: UUID, ending: Ending, progress: Progress | None) -> CallView: ...


@dataclass(slots=True)
class Outcome:
    """How a call is going to end, unless something happens."""

    state: CallState = CallState.COMPLETE
    finish: FinishReason | None = None
    error_code: str = ""


async def run(live: LiveAnswer, work: Callable[[Outcome], Awaitable[None]]) -> Outcome:
    """Do the work beside its signs of life; whatever it raises becomes the outcome."""
    outcome = Outcome()
    keeper = asyncio.create_task(_keep(live))
    try:
        await work(outcome)
    except asyncio.CancelledError:
        outcome.state = live.ended_by or CallState.INTERRUPTED
    except BlueError as error:
        outcome.state, outcome.error_code = CallState.FAILED, error.code
    except Exception:
        # Our own mistake: the person must still get their credits back, and a sentence.
        logger.exception("answer %s failed", live.call_id)
        outcome.state, outcome.error_code = CallState.FAILED, "internal"
    # From here on it ends as it ends: a stop that comes now waits for that, and cuts nothing off.
    live.ended_by = live.ended_by or outcome.state
    keeper.cancel()
    await asyncio.wait([keeper])
    return outcome


async def end(
    live: LiveAnswer, outcome: Outcome, *, model: Model, write: Write | None = None
) -> None:
    """Settle on what was used, or give it all back; then let whoever waits know.

    `write` is for those who have more to write with the end; the others' is `answers.end`.
    """
    ending = Ending(
        state=outcome.state,
        finish=outcome.finish,
        error_code=outcome.error_code,
        # Nothing arrived, nothing is charged: what the provider may bill then is ours to bear.
        is_chargeable=live.has_arrived or outcome.state is CallState.COMPLETE,
        cost_nanousd=cost_nanousd(model, live.usage) if live.has_arrived else 0,
    )
    # A second cancellation (the process is leaving) must not cut the settlement in two.
    settled = asyncio.ensure_future(
        in_thread(
            write or answers.end, call_id=live.call_id, ending=ending, progress=_progress(live)
        )
    )
    try:
        live.close(await asyncio.shield(settled))
        house.leave_later(live)
    except (BlueError, DatabaseError):
        # The hold stays as it is: the reaper settles it on the last checkpoint.
        logger.exception("answer %s could not be settled", live.call_id)
        house.leave(live)
        live.abandon()


async def _keep(live: LiveAnswer) -> None:
    """Checkpoint now and then, and hear of a stop that was asked for elsewhere."""
    while True:
        await asyncio.sleep(CHECKPOINT_S)
        try:
            asked_to_stop = await in_thread(
                answers.checkpoint,
                call_id=live.call_id,
                progress=_progress(live),
                hold_ttl_s=settings.BLUEGPT.credits.hold_ttl_s,
            )
        except DatabaseError:
            # The next one may succeed; without any for LEASE_S the answer counts as dead.
            logger.warning("answer %s could not be checkpointed", live.call_id)
            continue
        if asked_to_stop:
            interrupt(live, CallState.STOPPED)


def _progress(live: LiveAnswer) -> Progress:
    return Progress(
        text=live.text,
        reasoning=live.reasoning,
        usage=live.usage,
        response_id=live.response_id,
    )
