"""Pictures for programs: drawn, handed out, and nothing of them stored."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from bluegpt.providers.types.pictures import PictureRequest
from bluegpt.studio.flows import drawing, given
from bluegpt.studio.flows import live as answers_live
from bluegpt.studio.flows.live import LiveAnswer, house
from bluegpt.studio.flows.once import begun_once
from bluegpt.studio.services import answers, creations
from bluegpt.studio.services.answers import Beginning, Ending, Progress
from bluegpt.studio.types.calls import Asked, CallView, Position
from bluegpt.studio.types.prompts import PicturePrompt, Pictures, PicturesEvent

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


async def follow(prompt: PicturePrompt, asked: Asked) -> AsyncGenerator[PicturesEvent]:
    """Unfinished pictures as they come, in the format that was asked for; then the end.

    Raises UnknownAnswer.
    """
    live = house.find(asked.call_id)
    events = answers_live.follow(
        person_id=prompt.person_id, call_id=asked.call_id, after=Position()
    )
    async with aclosing(events):
        async for event in events:
            made = live.pictures if live is not None and event.call is not None else None
            yield PicturesEvent(partials=event.partials, pictures=made, call=event.call)
    if live is not None and prompt.request_key is None:
        house.leave(live)


async def _begin(prompt: PicturePrompt, call_id: UUID) -> Asked:
    model = await drawing.usable_model(prompt.model_key)
    sent = await given.from_uploads(uploads=prompt.uploads, mask=prompt.mask, model=model)
    order = await drawing.order_of(prompt, given=sent, partials=prompt.partials)
    beginning = Beginning(
        call_id=call_id,
        person_id=prompt.person_id,
        model=order.request.model,
        first_step=order.quote,
        ceiling_microcredits=order.quote.amount_microcredits,
        usage=order.likely,
        is_temporary=True,
        key_id=prompt.key_id,
        request_digest=prompt.request_digest,
        product=drawing.PRODUCT,
    )
    asked = await drawing.begun(lambda: answers.begin(beginning), person_id=prompt.person_id)
    live = LiveAnswer(call_id=call_id, person_id=prompt.person_id, usage=order.likely)
    drawing.start(order, live, _InMemory(live))
    return asked


@dataclass(frozen=True, slots=True)
class _InMemory:
    """At hand for whoever waits, and for a repeat with the same key."""

    live: LiveAnswer

    def shown(self, partial: bytes, request: PictureRequest) -> bytes:
        return drawing.whole_and_marked(partial, request)[0]

    async def keep(self, pictures: Pictures) -> None:
        self.live.pictures = pictures
        _make_room()

    def end(self, *, call_id: UUID, ending: Ending, progress: Progress | None) -> CallView:
        made = self.live.pictures
        digests = made.digests if made is not None else ()
        return creations.end(call_id=call_id, ending=ending, progress=progress, digests=digests)

    async def clear_up(self, call: CallView | None) -> None:
        """Memory clears itself: the house forgets what has ended."""


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
