"""Drawing, whoever keeps what comes of it: clear → quote → hold → draw → look → keep → settle."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.credits.errors import CapReached
from bluegpt.credits.services import caps
from bluegpt.credits.types import Quote
from bluegpt.privacy.services import gate
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.errors import MalformedReply, ModelUnavailable
from bluegpt.providers.queries import catalogue, drawing
from bluegpt.providers.services import pictures as provider
from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.pictures import Drawn, PictureRequest
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.adapters.drawn import NotThatPicture, size_of_whole
from bluegpt.studio.errors import DoesNotDraw, EmptyMessage
from bluegpt.studio.flows import prompts
from bluegpt.studio.flows.chat import PURPOSE
from bluegpt.studio.flows.ending import Outcome, end, run
from bluegpt.studio.flows.live import LiveAnswer, house
from bluegpt.studio.queries import picture_plans
from bluegpt.studio.rules.provenance import marked
from bluegpt.studio.services import answers
from bluegpt.studio.services.answers import Ending, Progress
from bluegpt.studio.types.calls import Asked, CallView
from bluegpt.studio.types.media import PictureWish
from bluegpt.studio.types.prompts import PicturePrompt, Pictures

NUMBER_MAX = 8
PRODUCT = "image"

Wish = PicturePrompt | PictureWish


class Keeping(Protocol):
    """What becomes of pictures that were looked at."""

    async def keep(self, pictures: Pictures) -> None:
        """Put them where they stay. When it fails nothing is left, and nothing is charged."""

    def end(
        self, *, call_id: UUID, ending: Ending, progress: Progress | None
    ) -> CallView:  # pragma: no cover - a protocol
        """Write the end of the call in one transaction, as `answers.end` does."""

    async def clear_up(self, call: CallView | None) -> None:
        """After the end: remove what the call did not come to own. None: nobody knows yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Pictures that may be drawn, and the most that they can cost."""

    request: PictureRequest
    clearance: Clearance
    quote: Quote

    @property
    def likely(self) -> Usage:
        """What is used as far as anybody knows before the reply."""
        return Usage(input_tokens=self.request.input_tokens)


async def order_of(
    wish: Wish, *, references: tuple[ImagePart, ...] = (), wants_partials: bool = False
) -> Order:
    """Check, clear and price what is asked for; nothing is written. Raises what `draw` raises."""
    assert 1 <= wish.number <= NUMBER_MAX, "the door has counted them"
    if not wish.text.strip():
        raise EmptyMessage
    prompts.check_length(wish.text)
    request = await request_of(wish, references=references, wants_partials=wants_partials)
    clearance = await in_thread(
        gate.clear,
        person_id=wish.person_id,
        purpose=PURPOSE,
        recipient=request.model.recipient,
        data_classes=frozenset({DataClass.CONTENT}),
    )
    quote = await in_thread(picture_plans.quote, person_id=wish.person_id, request=request)
    return Order(request=request, clearance=clearance, quote=quote)


async def request_of(
    wish: Wish, *, references: tuple[ImagePart, ...] = (), wants_partials: bool = False
) -> PictureRequest:
    """The request for a wish, its words complete or not.

    Raises UnknownModel, DoesNotDraw, ModelUnavailable and SizeNotOffered.
    """
    model: Model = await in_thread(catalogue.model, wish.model_key)
    if not model.draws:
        raise DoesNotDraw
    if not model.is_available:
        raise ModelUnavailable
    picture_plans.check_offer(model, size=wish.size, quality=wish.quality)
    partials = model.drawing.partials_max if wants_partials else 0
    given = [(part.width_px, part.height_px) for part in references]
    return PictureRequest(
        model=model,
        prompt=wish.text,
        number=wish.number,
        size=wish.size,
        quality=wish.quality,
        background=wish.background,
        format=wish.format,
        input_tokens=drawing.read_bound(
            model, prompt=wish.text, references=given, number=wish.number
        ),
        output_tokens=drawing.drawn_bound(
            model, size=wish.size, quality=wish.quality, number=wish.number, partials=partials
        ),
        references=references,
        partials=partials,
    )


async def begun(act: Callable[[], Asked], *, person_id: UUID) -> Asked:
    """Write the beginning; a cap that refuses it is noted."""
    try:
        return await in_thread(act)
    except CapReached as error:
        await in_thread(caps.note_refusal, error, person_id=person_id)
        raise


def start(order: Order, live: LiveAnswer, keeping: Keeping) -> None:
    """Let it begin; it goes on when the request that asked for it is gone."""
    house.enter(live)
    live.task = asyncio.create_task(_make(order, live, keeping), name=f"pictures-{live.call_id}")


async def _make(order: Order, live: LiveAnswer, keeping: Keeping) -> None:
    async def work(outcome: Outcome) -> None:
        await in_thread(answers.dispatch, call_id=live.call_id, clearance=order.clearance)
        drawn = await _drawn(order)
        await keeping.keep(await asyncio.to_thread(_looked_at, drawn, order.request))
        # All at once: a checkpoint between the two would charge for what nobody can be given.
        live.usage, live.has_pictures = drawn.usage, True
        outcome.finish = FinishReason.COMPLETE

    outcome = await run(live, work)
    await end(live, outcome, model=order.request.model, write=keeping.end)
    await keeping.clear_up(live.call)


async def _drawn(order: Order) -> Drawn:
    """The last word of the adapter. Raises MalformedReply when it had none."""
    async with aclosing(provider.draw(order.request, clearance=order.clearance)) as steps:
        async for step in steps:
            if isinstance(step, Drawn):
                return step
    raise MalformedReply


def _looked_at(drawn: Drawn, request: PictureRequest) -> Pictures:
    """The pictures, each read to its last pixel and marked. Raises MalformedReply."""
    try:
        sizes = [
            size_of_whole(file, format=request.format, size=request.size) for file in drawn.files
        ]
        files = tuple(marked(file, request.format) for file in drawn.files)
    except (NotThatPicture, ValueError) as wrong:
        error = MalformedReply()
        error.add_note(str(wrong))
        raise error from None
    return Pictures(
        files=files,
        sizes=tuple(sizes),
        quality=drawn.quality,
        background=drawn.background,
        format=request.format,
    )
