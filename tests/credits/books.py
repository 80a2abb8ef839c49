"""Short words for the tests of the ledger."""

from datetime import datetime
from uuid import UUID

from bluegpt.core.ids import new_id
from bluegpt.credits.queries import prices
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.services import ledger, lots, price_book
from bluegpt.credits.types import (
    Category,
    Consumption,
    Finding,
    HoldTicket,
    Meter,
    MeterLine,
    NewLot,
    Rate,
    Settlement,
)

SKU = "sandbox-small"


def publish(*, microcredits_per_token: int) -> int:
    """A book with one SKU, whose input and output cost the same."""
    return price_book.publish(
        rates=[
            Rate(
                sku=SKU,
                meter=meter,
                from_context_tokens=0,
                microcredits_per_million=microcredits_per_token * 1_000_000,
                cost_nanousd_per_million=1,
            )
            for meter in (Meter.INPUT, Meter.OUTPUT)
        ],
        note="for a test",
    )


def tokens(count: int, *, sku: str = SKU, meter: Meter = Meter.OUTPUT) -> Consumption:
    """A consumption of some tokens of one meter."""
    return Consumption(sku=sku, context_tokens=0, lines=(MeterLine(meter=meter, quantity=count),))


def grant(
    person_id: UUID,
    amount: int,
    *,
    category: Category = Category.PROMO,
    priority: int = 50,
    effective_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> UUID:
    """A lot from a source of its own."""
    return lots.open_lot(
        NewLot(
            person_id=person_id,
            category=category,
            amount_microcredits=amount,
            source_kind="test",
            source_id=str(new_id()),
            reason="for a test",
            priority=priority,
            effective_at=effective_at,
            expires_at=expires_at,
        )
    )


def hold(
    person_id: UUID, count: int, *, hold_id: UUID | None = None, ttl_s: int | None = None
) -> HoldTicket:
    """A hold for some tokens at the prices in force."""
    return ledger.hold(
        hold_id=hold_id or new_id(),
        person_id=person_id,
        quote=prices.quote(tokens(count)),
        ttl_s=ttl_s,
    )


def settle(hold_id: UUID, count: int) -> Settlement:
    """A settlement on some tokens."""
    return ledger.settle(hold_id=hold_id, consumption=tokens(count), usage_source="final")


def broken() -> list[Finding]:
    """What verification finds wrong."""
    return [finding for finding in verify() if finding.is_broken]
