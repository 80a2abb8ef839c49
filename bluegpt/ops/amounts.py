"""Amounts of credits as an operator types them."""

from bluegpt.core.money import MICROCREDITS_PER_CREDIT, microcredits
from bluegpt.ops.errors import Complaint

# Far above any honest amount, far below what a 64-bit column of sums can hold.
CREDITS_MAX = 1_000_000_000


def microcredits_typed(text: str) -> int:
    """Microcredits of an amount above zero, of at most CREDITS_MAX. Raises Complaint."""
    try:
        amount = microcredits(text)
    except ValueError:
        raise Complaint(
            f"{text!r} is not an amount of credits: write it like 25 or 0.5, six decimals at most."
        ) from None
    if not 0 < amount <= CREDITS_MAX * MICROCREDITS_PER_CREDIT:
        raise Complaint(f"{text} credits is not between 0.000001 and {CREDITS_MAX:,}.")
    return amount
