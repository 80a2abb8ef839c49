"""Before an answer: how long it may get, and the most that it can cost."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from bluegpt.credits.errors import InsufficientCredits, NoPrice
from bluegpt.credits.queries import balances, caps, prices
from bluegpt.credits.types import Quote
from bluegpt.providers.errors import ContextTooLong
from bluegpt.providers.types.models import Model
from bluegpt.studio.queries.purses import Purse
from bluegpt.studio.rules.budget import (
    OUTPUT_TOKENS_MIN,
    OUTPUT_TOKENS_STEP,
    affordable_output_tokens,
    worst_case,
)
from bluegpt.studio.types.calls import MessageQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A price that is never exceeded, and the length of the answer that it pays for.

    `ceiling` is that price, `first_step` the part of it that is held at once. `is_cut_short`
    says that balance or cap, and not the model, limits the length.
    """

    ceiling: Quote
    first_step: Quote
    output_tokens_max: int
    purse: Purse
    is_cut_short: bool


def plan(
    *,
    person_id: UUID,
    model: Model,
    input_tokens: int,
    estimate_tokens: int,
    output_tokens_wanted: int | None = None,
    key_id: UUID | None = None,
) -> Plan:
    """The dearest way in which this answer can go, cut to what balance and spending caps allow.

    `input_tokens` is an upper bound, `estimate_tokens` the likely count, `output_tokens_wanted`
    a lower limit that the caller sets. Raises ContextTooLong when not even the likely count fits,
    InsufficientCredits when a short answer is too dear, NoPrice when the model is not in the
    price book. A cap too small for a short answer is left for the hold to refuse.
    """
    if estimate_tokens + OUTPUT_TOKENS_MIN > model.context_tokens:
        raise ContextTooLong
    input_tokens = min(input_tokens, model.context_tokens)
    rates = prices.rates([model.sku]).get(model.sku)
    if not rates:
        raise NoPrice
    available = balances.balance(person_id).available_microcredits
    limit = _output_limit(model, estimate_tokens)
    if output_tokens_wanted is not None:
        limit = min(limit, output_tokens_wanted)
    affordable = affordable_output_tokens(
        available_microcredits=available, input_tokens=input_tokens, rates=rates
    )
    output_tokens = limit if affordable is None else min(limit, affordable)
    if output_tokens < min(OUTPUT_TOKENS_MIN, limit):
        short = worst_case(
            sku=model.sku, input_tokens=input_tokens, output_tokens=OUTPUT_TOKENS_MIN, rates=rates
        )
        raise InsufficientCredits(
            needed_microcredits=prices.quote(short).amount_microcredits,
            available_microcredits=available,
        )
    room = caps.room(person_id=person_id, key_id=key_id)
    if room is not None:
        allowed = affordable_output_tokens(
            available_microcredits=room, input_tokens=input_tokens, rates=rates
        )
        if allowed is not None:
            output_tokens = min(output_tokens, max(allowed, OUTPUT_TOKENS_MIN))
    purse = Purse(
        sku=model.sku,
        input_tokens=input_tokens,
        output_tokens=min(output_tokens, OUTPUT_TOKENS_STEP),
        output_tokens_max=output_tokens,
        rates=tuple(rates),
    )
    return Plan(
        ceiling=prices.quote(purse.worst(output_tokens)),
        first_step=prices.quote(purse.worst(purse.output_tokens)),
        output_tokens_max=output_tokens,
        purse=purse,
        is_cut_short=output_tokens < limit,
    )


def message_quote(
    *, person_id: UUID, model: Model, input_tokens: int, estimate_tokens: int
) -> MessageQuote:
    """The same for the page: a price in any case, and whether the balance covers it."""
    available = balances.balance(person_id).available_microcredits
    try:
        made = plan(
            person_id=person_id,
            model=model,
            input_tokens=input_tokens,
            estimate_tokens=estimate_tokens,
        )
        ceiling, output_tokens, is_affordable = (
            made.ceiling.amount_microcredits,
            made.output_tokens_max,
            True,
        )
    except InsufficientCredits as refusal:
        ceiling, output_tokens, is_affordable = (
            refusal.needed_microcredits,
            OUTPUT_TOKENS_MIN,
            False,
        )
    return MessageQuote(
        ceiling_microcredits=ceiling,
        input_tokens=input_tokens,
        output_tokens_max=output_tokens,
        available_microcredits=available,
        is_affordable=is_affordable,
    )


def _output_limit(model: Model, estimate_tokens: int) -> int:
    window_left = model.context_tokens - estimate_tokens
    return min(settings.BLUEGPT.chat.output_tokens, model.output_tokens_max, window_left)
