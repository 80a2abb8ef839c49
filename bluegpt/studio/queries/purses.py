"""How much of an answer is paid for by what is held, and what the next step costs."""

from dataclasses import dataclass, replace

from bluegpt.credits.queries.prices import charge
from bluegpt.credits.types import Consumption, Rate
from bluegpt.studio.rules.budget import (
    OUTPUT_TOKENS_STEP,
    affordable_output_tokens,
    worst_case,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What is held for an answer, told in tokens: all its input, and output up to `output_tokens`.

    Steps are differences of worst cases at one price, so however many there are, they add up to
    the ceiling at `output_tokens_max` and never beyond.
    """

    sku: str
    input_tokens: int
    output_tokens: int
    output_tokens_max: int
    rates: tuple[Rate, ...]

    def worst(self, output_tokens: int) -> Consumption:
        """The dearest call with this much output."""
        return worst_case(
            sku=self.sku,
            input_tokens=self.input_tokens,
            output_tokens=output_tokens,
            rates=self.rates,
        )

    def longer(self) -> "Purse":
        """The purse after the next step."""
        return self.up_to(self.output_tokens + OUTPUT_TOKENS_STEP)

    def longer_for(self, available_microcredits: int) -> "Purse":
        """The purse after a step that the balance can still pay."""
        held = self.price(self.output_tokens)
        affordable = affordable_output_tokens(
            available_microcredits=held + available_microcredits,
            input_tokens=self.input_tokens,
            rates=self.rates,
        )
        return self.up_to(self.output_tokens_max if affordable is None else affordable)

    def up_to(self, output_tokens: int) -> "Purse":
        """The purse when output up to there is paid for: no less than now, within the limit."""
        longer = max(self.output_tokens, min(output_tokens, self.output_tokens_max))
        return replace(self, output_tokens=longer)

    def price(self, output_tokens: int) -> int:
        """What the dearest call with this much output costs, in microcredits."""
        return charge(self.worst(output_tokens), self.rates)
