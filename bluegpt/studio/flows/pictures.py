"""Pictures by a model: clear → quote → hold → draw → look → settle. Nothing of them is stored."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.credits.errors import CapReached
from bluegpt.credits.services import caps
from bluegpt.privacy.services import gate
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.errors import MalformedReply, ModelUnavailable
from bluegpt.providers.queries import catalogue, drawing
from bluegpt.providers.services import pictures as provider
from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.pictures import Drawn, PictureRequest
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.adapters.drawn import NotThatPicture, size_of_whole
from bluegpt.studio.errors import DoesNotDraw, EmptyMessage
from bluegpt.studio.flows import live as answers_live
from bluegpt.studio.flows import prompts
from bluegpt.studio.flows.chat import PURPOSE
from bluegpt.studio.flows.ending import Outcome, end, run
from bluegpt.studio.flows.live import LiveAnswer, house
from bluegpt.studio.flows.once import begun_once
from bluegpt.studio.queries import picture_plans
from bluegpt.studio.rules.provenance import marked
from bluegpt.studio.services import answers
from bluegpt.studio.services.answers import Beginning
from bluegpt.studio.types.calls import Asked, CallView
from bluegpt.studio.types.prompts import PicturePrompt, Pictures

NUMBER_MAX = 8
# What pictures at hand for a repeat may take of this process's memory; the oldest go first.
KEPT_BYTES_MAX = 256_000_000


async def draw(prompt: PicturePrompt) -> Asked:
    """Have pictures made; it goes on by itself, and `finished` waits for it.

    Raises Refused, Missing, Conflict or Unavailable with a sentence; then nothing was written and
    nothing is held. For keys as `chat.complete`.
    """
    return await begun_once(prompt, lambda call_id: _begin(prompt, call_id))


async def finished(prompt: PicturePrompt, asked: Asked) -> tuple[Pictures | None, CallView]:
    """The pictures once they are there, None when none came. Raises UnknownAnswer.

    Without a key nobody can ask for them again, so they are forgotten here.
    """
    live = house.find(asked.call_id)
    call = await answers_live.finished(person_id=prompt.person_id, call_id=asked.call_id)
    if live is None:
        return None, call
    if prompt.request_key is None:
        house.leave(live)
    return live.pictures, call


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    request: PictureRequest
    clearance: Clearance


async def _begin(prompt: PicturePrompt, call_id: UUID) -> Asked:
    assert 1 <= prompt.number <= NUMBER_MAX, "the door has counted them"
    request = await _request(prompt)
    clearance = await in_thread(
        gate.clear,
        person_id=prompt.person_id,
        purpose=PURPOSE,
        recipient=request.model.recipient,
        data_classes=frozenset({DataClass.CONTENT}),
    )
    quote = await in_thread(picture_plans.quote, person_id=prompt.person_id, request=request)
    likely = Usage(input_tokens=request.input_tokens)
    beginning = Beginning(
        call_id=call_id,
        person_id=prompt.person_id,
        model=request.model,
        first_step=quote,
        ceiling_microcredits=quote.amount_microcredits,
        usage=likely,
        is_temporary=True,
        key_id=prompt.key_id,
        request_digest=prompt.request_digest,
        product="image",
    )
    try:
        asked = await in_thread(answers.begin, beginning)
    except CapReached as error:
        await in_thread(caps.note_refusal, error, person_id=prompt.person_id)
        raise
    live = LiveAnswer(call_id=call_id, person_id=prompt.person_id, usage=likely)
    start(_Order(request=request, clearance=clearance), live)
    return asked


async def _request(prompt: PicturePrompt) -> PictureRequest:
    model: Model = await in_thread(catalogue.model, prompt.model_key)
    if not model.draws:
        raise DoesNotDraw
    if not model.is_available:
        raise ModelUnavailable
    if not prompt.text.strip():
        raise EmptyMessage
    prompts.check_length(prompt.text)
    picture_plans.check_offer(model, size=prompt.size, quality=prompt.quality)
    one = drawing.picture_bound(model, size=prompt.size, quality=prompt.quality)
    return PictureRequest(
        model=model,
        prompt=prompt.text,
        number=prompt.number,
        size=prompt.size,
        quality=prompt.quality,
        background=prompt.background,
        format=prompt.format,
        input_tokens=drawing.prompt_bound(prompt.text),
        output_tokens=prompt.number * one,
    )


def start(order: _Order, live: LiveAnswer) -> None:
    """Let it begin; it goes on when the request that asked for it is gone."""
    house.enter(live)
    live.task = asyncio.create_task(_make(order, live), name=f"pictures-{live.call_id}")


async def _make(order: _Order, live: LiveAnswer) -> None:
    async def work(outcome: Outcome) -> None:
        await in_thread(answers.dispatch, call_id=live.call_id, clearance=order.clearance)
        drawn = await _drawn(order)
        pictures = await asyncio.to_thread(_looked_at, drawn, order.request)
        # All at once: a checkpoint between the two would charge for what nobody can be given.
        live.usage, live.pictures = drawn.usage, pictures
        outcome.finish = FinishReason.COMPLETE

    outcome = await run(live, work)
    _make_room()
    await end(live, outcome, model=order.request.model)


async def _drawn(order: _Order) -> Drawn:
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
        size=sizes[0],
        quality=drawn.quality,
        background=drawn.background,
        format=request.format,
    )


def _make_room() -> None:
    """Forget the oldest pictures that only wait for a repeat, once there are too many."""
    kept = house.with_pictures()
    size_bytes = sum(len(file) for _live, made in kept for file in made.files)
    for live, made in kept:
        if size_bytes <= KEPT_BYTES_MAX:
            return
        if live.call is not None:
            house.leave(live)
            size_bytes -= sum(map(len, made.files))
