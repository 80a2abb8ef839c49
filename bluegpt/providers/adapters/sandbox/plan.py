"""One answer, decided before its first byte: what is said, where it ends, what it counts."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bluegpt.providers.adapters.sandbox import pieces, script, tokens
from bluegpt.providers.adapters.sandbox.ask import Ask
from bluegpt.providers.adapters.sandbox.memory import Cached
from bluegpt.providers.adapters.sandbox.pieces import Pieces
from bluegpt.providers.adapters.sandbox.switches import Switches

ABSURD_TOKENS = 10**15


class Finish(StrEnum):
    """Why the answer ends; each dialect has its own words for these."""

    COMPLETE = "complete"
    STOP = "stop"  # one of the client's stop sequences
    LENGTH = "length"
    REFUSAL = "refusal"  # the model declines in words
    FILTER = "filter"  # a safety system stops it without words


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the sandbox bills. `input_tokens` is all input; reasoning is inside output."""

    input_tokens: int
    cached_tokens: int
    written_tokens: int
    output_tokens: int
    reasoning_tokens: int

    @property
    def total_tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def uncached_tokens(self) -> int:
        return self.input_tokens - self.cached_tokens - self.written_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`counts` is None when the sandbox was told to keep its usage to itself."""

    reasoning: Pieces
    text: Pieces
    finish: Finish
    stop_sequence: str | None
    counts: Counts | None
    counts_twice: bool


def plan(ask: Ask, switches: Switches, *, cached: Cached) -> Plan:
    """Everything about an answer. The same request gives the same plan, but for the cache."""
    text, finish, stop_sequence = _text(ask, switches)
    reasoning = pieces.cut(script.thinking(ask)) if ask.thinks else Pieces()
    wanted = reasoning.length + text.length
    limit = wanted if ask.max_output_tokens is None else ask.max_output_tokens
    if limit < wanted:
        reasoning, finish, stop_sequence = reasoning.first(limit), Finish.LENGTH, None
        text = text.first(limit - reasoning.length)
    counts = Counts(
        input_tokens=tokens.input_tokens(ask),
        cached_tokens=cached.read_tokens,
        written_tokens=cached.written_tokens,
        output_tokens=reasoning.length + text.length,
        reasoning_tokens=reasoning.length,
    )
    return Plan(
        reasoning=reasoning,
        text=text,
        finish=finish,
        stop_sequence=stop_sequence,
        counts=_told(counts, switches.usage),
        counts_twice=switches.usage == "twice",
    )


def _text(ask: Ask, switches: Switches) -> tuple[Pieces, Finish, str | None]:
    if switches.refuse == "filter":
        return Pieces(), Finish.FILTER, None
    if switches.refuse:
        return pieces.cut(script.refusal(ask)), Finish.REFUSAL, None
    if switches.tokens is not None:
        said = pieces.stretched(switches.text or script.filler(ask), switches.tokens)
    else:
        said = pieces.cut(switches.text if switches.text is not None else script.answer(ask))
    return _stopped(said, ask.stops)


def _stopped(said: Pieces, stops: tuple[str, ...]) -> tuple[Pieces, Finish, str | None]:
    """End before the first stop sequence, which is not said."""
    if not stops:
        return said, Finish.COMPLETE, None
    text = said.text()
    found = min(((at, stop) for stop in stops if (at := text.find(stop)) >= 0), default=None)
    if found is None:
        return said, Finish.COMPLETE, None
    return pieces.cut(text[: found[0]]), Finish.STOP, found[1]


def _told(counts: Counts, usage: str) -> Counts | None:
    """The counts as the client is to see them."""
    if usage == "missing":
        return None
    if usage == "negative":
        return replace(counts, output_tokens=-1 - counts.output_tokens)
    if usage == "absurd":
        return replace(counts, output_tokens=ABSURD_TOKENS)
    return counts
