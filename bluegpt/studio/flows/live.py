"""Answers being made, independent of who watches.

A live answer is the text so far and a way to wait for more. Readers say how many characters
they have and get the rest, so that a reader may come, go, and come back on another device.
An answer that is made in another process, or was cut off with its process, is followed through
the database, where its maker leaves a checkpoint every few seconds.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from bluegpt.core.threads import in_thread
from bluegpt.providers.types.chat import Delta
from bluegpt.providers.types.pictures import PartialPicture
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.errors import UnknownAnswer
from bluegpt.studio.queries import calls
from bluegpt.studio.services import stopping
from bluegpt.studio.types.calls import CallState, CallView, LiveEvent, Position
from bluegpt.studio.types.prompts import Pictures

# How often a reader looks into the database for an answer that is not made in this process.
POLL_S = 0.5
# How long an ended answer stays at hand for readers who come back: temporary ones are nowhere else.
REMEMBERED_S = 300

T = TypeVar("T")


class LiveAnswer:
    """One answer in the making: written by one task, followed by any number of readers."""

    def __init__(self, *, call_id: UUID, person_id: UUID, usage: Usage) -> None:
        self.call_id = call_id
        self.person_id = person_id
        self.usage = usage
        self.response_id = ""
        self.call: CallView | None = None
        self.pictures: Pictures | None = None  # of programs, for which nothing is stored
        self.has_pictures = False  # they are where they belong, and are to be paid
        self.is_owed = False  # nothing came, and the provider bills that
        self.task: asyncio.Task[None] | None = None
        self.ended_by: CallState | None = None  # set by who cancels it, or once it ends by itself
        self.is_abandoned = False
        # The newest unfinished picture of each place, with its number among all that came.
        self._partials: dict[int, tuple[int, PartialPicture]] = {}
        self._partials_count = 0
        self._text = _Grown()
        self._reasoning = _Grown()
        self._changed = asyncio.Event()

    @property
    def text(self) -> str:
        return self._text.since(0)

    @property
    def reasoning(self) -> str:
        return self._reasoning.since(0)

    @property
    def has_arrived(self) -> bool:
        """Whether there is something to pay for."""
        return self.has_pictures or self.is_owed or self.position > Position()

    @property
    def position(self) -> Position:
        return Position(reasoning_chars=self._reasoning.chars, text_chars=self._text.chars)

    def add(self, delta: Delta) -> None:
        """Take in one step of the provider's stream and wake the readers."""
        self._text.add(delta.text)
        self._reasoning.add(delta.reasoning)
        self.usage = delta.usage
        self.response_id = delta.response_id or self.response_id
        self._wake()

    def show(self, partial: PartialPicture) -> None:
        """Let the readers see an unfinished picture, instead of an earlier one at its place."""
        self._partials_count += 1
        self._partials[partial.place] = (self._partials_count, partial)
        self._wake()

    def close(self, call: CallView) -> None:
        """The answer has ended as `call` says."""
        self.call = call
        self._partials.clear()
        self._wake()

    def abandon(self) -> None:
        """The end could not be written; whoever watches goes on through the database."""
        self.is_abandoned = True
        self._wake()

    async def follow(self, after: Position) -> AsyncGenerator[LiveEvent]:
        """Everything after a position, then what comes, then the end.

        Of unfinished pictures a reader gets the newest of each place, and then those that come.
        """
        seen = 0
        while not self.is_abandoned:
            changed = self._changed
            partials = tuple(shown for number, shown in self._partials.values() if number > seen)
            if self.position > after or partials or self.call is not None:
                event = replace(self._event(after), partials=partials)
                after, seen = event.position, self._partials_count
                yield event
                if event.call is not None:
                    return
            else:
                await changed.wait()

    def _event(self, after: Position) -> LiveEvent:
        return LiveEvent(
            position=self.position,
            text=self._text.since(after.text_chars),
            reasoning=self._reasoning.since(after.reasoning_chars),
            usage=self.usage,
            call=self.call,
        )

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class _Grown:
    """A text that grows by pieces; joined when it is read, not when it grows."""

    def __init__(self) -> None:
        self.chars = 0
        self._pieces: list[str] = []

    def add(self, piece: str) -> None:
        if piece:
            self._pieces.append(piece)
            self.chars += len(piece)

    def since(self, chars: int) -> str:
        """What comes after the first `chars` characters.

        Walks back from the end: a reader who keeps up looks at the last pieces only.
        """
        wanted = self.chars - chars
        tail: list[str] = []
        for piece in reversed(self._pieces):
            if wanted <= 0:
                break
            tail.append(piece[-wanted:] if wanted < len(piece) else piece)
            wanted -= len(piece)
        return "".join(reversed(tail))


class House:
    """All answers being made in this process."""

    def __init__(self) -> None:
        self._answers: dict[UUID, LiveAnswer] = {}
        self.is_open = True

    def find(self, call_id: UUID) -> LiveAnswer | None:
        return self._answers.get(call_id)

    def enter(self, live: LiveAnswer) -> None:
        self._answers[live.call_id] = live

    def leave(self, live: LiveAnswer) -> None:
        """Forget an answer at once."""
        self._answers.pop(live.call_id, None)

    def leave_later(self, live: LiveAnswer) -> None:
        """Forget an ended answer once late readers have had their time."""
        loop = asyncio.get_running_loop()
        loop.call_later(REMEMBERED_S, self._answers.pop, live.call_id, None)

    def with_pictures(self) -> list[tuple[LiveAnswer, Pictures]]:
        """The calls whose pictures are here, oldest first."""
        return [(live, live.pictures) for live in self._answers.values() if live.pictures]

    def forget(self) -> None:
        """Forget the answers that have ended, late readers or not."""
        ended = [key for key, live in self._answers.items() if live.call is not None]
        for key in ended:
            del self._answers[key]

    async def close(self) -> None:
        """Interrupt every answer and wait until each is settled."""
        self.is_open = False
        tasks = [interrupt(live, CallState.INTERRUPTED) for live in self._answers.values()]
        running = [task for task in tasks if task is not None]
        if running:
            await asyncio.wait(running)


house = House()


def interrupt(live: LiveAnswer, state: CallState) -> asyncio.Task[None] | None:
    """End a live answer from outside: the upstream call is cancelled at once."""
    if live.task is None or live.task.done():
        return None
    if live.ended_by is None:
        live.ended_by = state
        live.task.cancel()
    return live.task


async def open_house() -> None:
    """At start: answers may be made here."""
    house.is_open = True


async def close_house() -> None:
    """At shutdown: every answer keeps the text it has and pays for what was used."""
    await house.close()


async def follow(*, person_id: UUID, call_id: UUID, after: Position) -> AsyncGenerator[LiveEvent]:
    """An answer from a position on, to its end. Raises UnknownAnswer.

    The last event carries the call. When this process closes, the stream simply ends and the
    reader comes back to another one.
    """
    live = house.find(call_id)
    if live is not None and live.person_id == person_id:
        async with contextlib.aclosing(live.follow(after)) as events:
            async for event in events:
                yield event
        return
    async with contextlib.aclosing(_follow_stored(person_id, call_id, after)) as events:
        async for event in events:
            yield event


async def with_pauses(followed: AsyncGenerator[T], *, pause_s: float) -> AsyncGenerator[T | None]:
    """The same events, and None whenever there has been none for `pause_s` seconds."""
    waiting: asyncio.Future[T | None] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(followed, None))
            done, _waiting = await asyncio.wait((waiting,), timeout=pause_s)
            if not done:
                yield None
                continue
            event, waiting = waiting.result(), None
            if event is None:
                return
            yield event
    finally:
        if waiting is not None:
            waiting.cancel()
            await asyncio.wait((waiting,))
        await followed.aclose()


async def _follow_stored(
    person_id: UUID, call_id: UUID, after: Position
) -> AsyncGenerator[LiveEvent]:
    while house.is_open:
        call = await in_thread(calls.call, person_id=person_id, call_id=call_id)
        reasoning, text = await in_thread(calls.stored_answer, person_id=person_id, call_id=call_id)
        position = Position(reasoning_chars=len(reasoning), text_chars=len(text))
        has_ended = call.state is not CallState.LIVE
        if position > after or has_ended:
            yield LiveEvent(
                position=position,
                text=text[after.text_chars :],
                reasoning=reasoning[after.reasoning_chars :],
                usage=call.usage,
                call=call if has_ended else None,
            )
            after = position
        if has_ended:
            return
        await asyncio.sleep(POLL_S)


async def finished(*, person_id: UUID, call_id: UUID) -> CallView:
    """Wait for the end of an answer. Raises UnknownAnswer."""
    return (await finished_text(person_id=person_id, call_id=call_id))[1]


async def finished_text(*, person_id: UUID, call_id: UUID) -> tuple[LiveEvent, CallView]:
    """The whole answer once it has ended; temporary ones only for REMEMBERED_S."""
    text, reasoning = "", ""
    events = follow(person_id=person_id, call_id=call_id, after=Position())
    async with contextlib.aclosing(events):
        async for event in events:
            text += event.text
            reasoning += event.reasoning
            if event.call is not None:
                whole = LiveEvent(
                    position=event.position,
                    text=text,
                    reasoning=reasoning,
                    usage=event.usage,
                    call=event.call,
                )
                return whole, event.call
    raise UnknownAnswer


async def stop(*, person_id: UUID, call_id: UUID) -> None:
    """Stop an answer, wherever it is made; the upstream call is cancelled. Idempotent."""
    live = house.find(call_id)
    if live is not None and live.person_id == person_id:
        task = interrupt(live, CallState.STOPPED)
        if task is not None:
            await asyncio.wait([task])
        return
    await in_thread(stopping.ask_to_stop, person_id=person_id, call_id=call_id)


def stop_from_a_listener(*, person_id: UUID, call_id: UUID) -> None:
    """The same from a thread that cannot wait: word is left, and a maker in here told at once."""
    stopping.ask_to_stop(person_id=person_id, call_id=call_id)
    live = house.find(call_id)
    if live is not None and live.task is not None:
        loop = live.task.get_loop()
        loop.call_soon_threadsafe(interrupt, live, CallState.STOPPED)
