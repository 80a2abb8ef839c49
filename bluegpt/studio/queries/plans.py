"""Before an answer: how long it may get, and the most that it can cost."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from bluegpt.credits.errors import InsufficientCredits, NoPrice
from bluegpt.credits.queries import balances, prices
from bluegpt.credits.types import Quote
from bluegpt.providers.errors import ContextTooLong
from bluegpt.providers.types import Model
from bluegpt.studio.rules.budget import (
    OUTPUT_TOKENS_MIN,
    affordable_output_tokens,
    worst_case,
)
from bluegpt.studio.types import MessageQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A price that is never exceeded, and the length of the answer that it pays for."""

    quote: Quote
    output_tokens_max: int


def plan(*, person_id: UUID, model: Model, input_tokens: int, estimate_tokens: int) -> Plan:
    """The dearest way in which this answer can go, cut to what the balance pays.

    `input_tokens` is an upper bound, `estimate_tokens` the likely count. Raises ContextTooLong
    when not even the likely count fits, InsufficientCredits when a short answer is too dear,
    NoPrice when the model is not in the price book.
    """
    if estimate_tokens + OUTPUT_TOKENS_MIN > model.context_tokens:
        raise ContextTooLong
    input_tokens = min(input_tokens, model.context_tokens)
    rates = prices.rates([model.sku]).get(model.sku)
    if not rates:
        raise NoPrice
    available = balances.balance(person_id).available_microcredits
    limit = _output_limit(model, estimate_tokens)
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
    worst = worst_case(
        sku=model.sku, input_tokens=input_tokens, output_tokens=output_tokens, rates=rates
    )
    return Plan(quote=prices.quote(worst), output_tokens_max=output_tokens)


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
            made.quote.amount_microcredits,
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
