"""What the sandbox would bill: sums by UTC day, wire and model, and nothing of what was said."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bluegpt.providers.adapters.sandbox.ask import CacheMark
from bluegpt.providers.adapters.sandbox.dialect import Answer
from bluegpt.providers.adapters.sandbox.memory import Call
from bluegpt.providers.adapters.sandbox.plan import Counts

ROWS_MAX = 4_096
DATED = "-2026-11-01"


@dataclass(slots=True, kw_only=True)
class Row:
    """One model on one day. `input_tokens` is neither read from the cache nor written to it."""

    requests: int = 0
    input_tokens: int = 0
    image_tokens: int = 0
    audio_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0
    written_long_tokens: int = 0
    output_tokens: int = 0
    drawn_tokens: int = 0  # the part of the output that is pictures
    searches: int = 0


class Bills:
    """The rows of all days since the sandbox was started, the oldest forgotten first."""

    def __init__(self) -> None:
        self._rows: OrderedDict[tuple[date, str, str], Row] = OrderedDict()

    def book(self, call: Call, answer: Answer, *, day: date, report: str) -> None:
        """Add what came of one answer, or what `report` says instead."""
        if report == "missing":
            return
        name = answer.ask.model + (DATED if report == "dated" else "")
        row = self._rows.setdefault((day, call.wire, name), Row())
        _add(row, _billed(call, answer), mark=answer.ask.cache_mark, report=report)
        while len(self._rows) > ROWS_MAX:
            self._rows.popitem(last=False)

    def book_pictures(self, model: str, *, day: date, counts: Mapping[str, int]) -> None:
        """Add the tokens of a reply with pictures."""
        row = self._rows.setdefault((day, "openai_images", model), Row())
        row.requests += 1
        _tokens(row, counts)

    def rows(self, *, day: date, wires: tuple[str, ...]) -> list[tuple[str, Row]]:
        """Models and their rows of one day; a model has a row for each wire."""
        return [
            (name, row)
            for (at, wire, name), row in self._rows.items()
            if at == day and wire in wires
        ]


def _tokens(row: Row, counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        setattr(row, name, getattr(row, name) + count)


def _billed(call: Call, answer: Answer) -> Counts:
    """What was sent, and the thoughts that are not shown: an answer may have been broken off."""
    plan = answer.plan
    shown = plan.text.length + (plan.reasoning.length if answer.ask.shows_thinking else 0)
    if call.tokens_sent >= shown:
        return plan.billed
    hidden = plan.billed.output_tokens - shown
    return replace(plan.billed, output_tokens=hidden + call.tokens_sent)


def _add(row: Row, billed: Counts, *, mark: CacheMark | None, report: str) -> None:
    is_long = mark is not None and mark.is_long
    fresh = billed.uncached_tokens
    audio = min(billed.audio_tokens, fresh)
    image = min(billed.image_tokens, fresh - audio)
    counts = {
        "input_tokens": fresh - audio - image,
        "image_tokens": image,
        "audio_tokens": audio,
        "cached_tokens": billed.cached_tokens,
        "written_tokens": 0 if is_long else billed.written_tokens,
        "written_long_tokens": billed.written_tokens if is_long else 0,
        "output_tokens": billed.output_tokens,
        "searches": billed.searches,
    }
    row.requests += 1
    for name, count in counts.items():
        told = count // 2 if report == "less" else 2 * count if report == "more" else count
        setattr(row, name, getattr(row, name) + told)
