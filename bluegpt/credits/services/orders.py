"""What a hold is asked for with."""

from dataclasses import dataclass
from uuid import UUID

from bluegpt.credits.rules import chart
from bluegpt.credits.types import HoldState


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one hold asks for. `extends_id` names the call's first hold when this is a step."""

    id: UUID
    person_id: UUID
    amount: int
    price_version: int
    product: str
    sku: str
    ttl_s: int
    key_id: UUID | None
    digest: str
    state: HoldState = HoldState.HELD
    extends_id: UUID | None = None

    @property
    def account(self) -> chart.Platform:
        return chart.consumed(self.product)
