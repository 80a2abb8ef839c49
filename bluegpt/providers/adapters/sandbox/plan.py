"""One answer, decided before its first byte: what is said, where it ends, what it counts."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bluegpt.providers.adapters.sandbox import pieces, script, tokens
from bluegpt.providers.adapters.sandbox.ask import Ask
from bluegpt.providers.adapters.sandbox.memory import Cached
from bluegpt.providers.adapters.sandbox.pieces import Pieces
from bluegpt.providers.adapters.sandbox.switches import Switches

ABSURD_TOKENS = 10**15
PIECEWISE = ("growing", "incremental")


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
    image_tokens: int = 0  # these two are inside the input
    audio_tokens: int = 0
    searches: int = 0

    @property
    def total_tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def uncached_tokens(self) -> int:
        return self.input_tokens - self.cached_tokens - self.written_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`counts` is None when the sandbox was told to keep its usage to itself.

    `counts_again` is told after them, when it is. `billed` is what the sandbox would bill,
    whatever it says.
    """

    reasoning: Pieces
    text: Pieces
    finish: Finish
    stop_sequence: str | None
    counts: Counts | None
    counts_again: Counts | None
    billed: Counts
    tells_unasked: bool = False  # also to a chat that did not ask for its usage
    usage_of_pieces: str = ""  # growing | incremental: each piece of a chat says what it counts


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
        input_tokens=tokens.input_tokens(ask) + switches.audio_tokens,
        cached_tokens=cached.read_tokens,
        written_tokens=cached.written_tokens,
        output_tokens=reasoning.length + text.length,
        reasoning_tokens=reasoning.length,
        image_tokens=tokens.image_tokens(ask),
        audio_tokens=switches.audio_tokens,
        searches=switches.searches,
    )
    told = _told(counts, switches.usage)
    return Plan(
        reasoning=reasoning,
        text=text,
        finish=finish,
        stop_sequence=stop_sequence,
        counts=told,
        counts_again=_again(counts, switches.usage),
        billed=counts,
        tells_unasked=switches.usage not in ("", "missing"),
        usage_of_pieces=switches.usage if switches.usage in PIECEWISE else "",
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
    if usage == "zero":
        return Counts(
            input_tokens=0, cached_tokens=0, written_tokens=0, output_tokens=0, reasoning_tokens=0
        )
    if usage == "contradictory":
        return replace(counts, reasoning_tokens=counts.output_tokens + 1)
    if usage == "incremental":
        return replace(counts, output_tokens=min(1, counts.output_tokens), reasoning_tokens=0)
    if usage == "negative":
        return replace(counts, output_tokens=-1 - counts.output_tokens)
    if usage == "absurd":
        return replace(counts, output_tokens=ABSURD_TOKENS)
    return counts


def _again(counts: Counts, usage: str) -> Counts | None:
    """What is told after the counts: the same, or another story; None for nothing."""
    if usage == "twice":
        return counts
    if usage == "changed":
        return replace(counts, output_tokens=2 * counts.output_tokens)
    return None
