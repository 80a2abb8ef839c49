"""Drawing, whoever keeps what comes of it: clear → quote → hold → draw → look → keep → settle."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.credits.errors import CapReached
from bluegpt.credits.services import caps
from bluegpt.credits.types import Quote
from bluegpt.privacy.services import gate
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.errors import MalformedReply, ModelUnavailable, NoPicture, PromptRefused
from bluegpt.providers.queries import catalogue, drawing
from bluegpt.providers.services import pictures as provider
from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.pictures import AUTO, Drawn, PictureRequest
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.adapters.credentials import signed
from bluegpt.studio.adapters.decoding import NotAPicture
from bluegpt.studio.adapters.drawn import NotThatPicture, WholePicture, read_whole
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
    """What becomes of pictures that were looked at, and of unfinished ones."""

    def shown(self, partial: bytes, request: PictureRequest) -> bytes:
        """An unfinished picture as followers see it. Raises NotAPicture, NotThatPicture."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a wish works from: pictures as the wire takes them, a mask that fits the first."""

    references: tuple[ImagePart, ...] = ()
    mask: bytes = b""


async def order_of(wish: Wish, *, given: Given, partials: int | None = 0) -> Order:
    """Check, clear and price what is asked for; nothing is written. Raises what `draw` raises.

    `partials` is how many unfinished pictures are wanted, None for as many as are worth it.
    """
    assert 1 <= wish.number <= NUMBER_MAX, "the door has counted them"
    if not wish.text.strip():
        raise EmptyMessage
    prompts.check_length(wish.text)
    request = await request_of(wish, given=given, partials=partials)
    clearance = await in_thread(
        gate.clear,
        person_id=wish.person_id,
        purpose=PURPOSE,
        recipient=request.model.recipient,
        data_classes=frozenset({DataClass.CONTENT}),
    )
    quote = await in_thread(picture_plans.quote, person_id=wish.person_id, request=request)
    return Order(request=request, clearance=clearance, quote=quote)


async def request_of(wish: Wish, *, given: Given, partials: int | None = 0) -> PictureRequest:
    """The request for a wish, its words complete or not.

    Raises UnknownModel, DoesNotDraw, ModelUnavailable, SizeNotOffered and SettingNotOffered.
    """
    model = await usable_model(wish.model_key)
    picture_plans.check_offer(model, size=wish.size, quality=wish.quality)
    if partials is None:
        partials = picture_plans.partials_worth(model, size=wish.size, quality=wish.quality)
    partials = min(partials, model.drawing.partials_max)
    sizes = [(part.width_px, part.height_px) for part in given.references]
    if given.mask:
        sizes.append(sizes[0])
    request = PictureRequest(
        model=model,
        prompt=wish.text,
        number=wish.number,
        size=wish.size,
        quality=wish.quality,
        background=wish.background,
        format=wish.format,
        input_tokens=drawing.read_bound(
            model, prompt=wish.text, references=sizes, number=wish.number
        ),
        output_tokens=drawing.drawn_bound(
            model, size=wish.size, quality=wish.quality, number=wish.number, partials=partials
        ),
        references=given.references,
        mask=given.mask,
        seed=wish.seed,
        style=wish.style,
        partials=partials,
    )
    picture_plans.check_skills(request)
    return request


async def usable_model(model_key: str) -> Model:
    """A model that draws now. Raises UnknownModel, DoesNotDraw, ModelUnavailable."""
    model: Model = await in_thread(catalogue.model, model_key)
    if not model.draws:
        raise DoesNotDraw
    if not model.is_available:
        raise ModelUnavailable
    return model


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
        try:
            drawn = await _drawn(order, live, keeping)
        except (PromptRefused, NoPicture) as refused:
            if refused.usage is not None:
                live.usage, live.is_owed = refused.usage, True
            raise
        await keeping.keep(await asyncio.to_thread(_looked_at, drawn, order.request))
        # All at once: a checkpoint between the two would charge for what nobody can be given.
        live.usage, live.has_pictures = drawn.usage, True
        outcome.finish = FinishReason.COMPLETE

    outcome = await run(live, work)
    await end(live, outcome, model=order.request.model, write=keeping.end)
    await keeping.clear_up(live.call)


async def _drawn(order: Order, live: LiveAnswer, keeping: Keeping) -> Drawn:
    """The last word of the adapter, partial pictures shown on the way.

    Raises MalformedReply when it had none.
    """
    async with aclosing(provider.draw(order.request, clearance=order.clearance)) as steps:
        async for step in steps:
            if isinstance(step, Drawn):
                return step
            try:
                data = await asyncio.to_thread(keeping.shown, step.data, order.request)
            except (NotAPicture, NotThatPicture):
                continue  # nobody has to see it: the whole ones are to come
            live.show(replace(step, data=data))
    raise MalformedReply


def whole_and_marked(data: bytes, request: PictureRequest) -> tuple[bytes, WholePicture]:
    """A picture that was read to its last pixel, with its mark, and what it is.

    Raises NotThatPicture.
    """
    # A model that writes in one format only decides it itself.
    format_ = request.format if request.model.drawing.formats else None
    size = request.size if request.model.drawing.has_exact_sizes else AUTO
    whole = read_whole(data, format=format_, size=size)
    try:
        return signed(marked(data, whole.format), f"image/{whole.format.value}"), whole
    except ValueError as wrong:
        raise NotThatPicture(str(wrong)) from None


def _looked_at(drawn: Drawn, request: PictureRequest) -> Pictures:
    """The pictures, each read to its last pixel and marked. Raises MalformedReply."""
    try:
        if not drawn.files or len(drawn.files) + drawn.refused != request.number:
            raise NotThatPicture("another number of pictures than was asked for")
        looked_at = [whole_and_marked(file, request) for file in drawn.files]
    except NotThatPicture as wrong:
        error = MalformedReply()
        error.add_note(str(wrong))
        raise error from None
    files = tuple(file for file, _whole in looked_at)
    found = [whole for _file, whole in looked_at]
    return Pictures(
        files=files,
        sizes=tuple(whole.size for whole in found),
        digests=tuple(sha256(file).hexdigest() for file in files),
        quality=drawn.quality,
        background=drawn.background,
        formats=tuple(whole.format for whole in found),
    )
