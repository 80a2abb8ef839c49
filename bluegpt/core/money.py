"""Credits as integers: the ledger counts microcredits, people read credits.

1 credit = 1,000,000 microcredits. No float ever touches an amount.
"""

from decimal import ROUND_HALF_EVEN, Decimal

MICROCREDITS_PER_CREDIT = 1_000_000


def microcredits(credits: str | int | Decimal) -> int:
    """Microcredits in an amount of credits as a person writes it.

    Raises ValueError below a microcredit and for anything that is not a number.
    """
    try:
        amount = Decimal(credits) * MICROCREDITS_PER_CREDIT
    except ArithmeticError as wrong:
        raise ValueError(f"not an amount of credits: {credits!r}") from wrong
    if not amount.is_finite() or amount != amount.to_integral_value():
        raise ValueError(f"not a whole number of microcredits: {credits!r}")
    return int(amount)


def credits_text(amount_microcredits: int) -> str:
    """All six decimals of an amount, without a trailing zero: 1250000 → "1.25"."""
    return format(exact_credits(amount_microcredits).normalize(), "f")


def exact_credits(amount_microcredits: int) -> Decimal:
    """The amount in credits, exact to the microcredit."""
    return Decimal(amount_microcredits) / MICROCREDITS_PER_CREDIT


def short_credits(amount_microcredits: int, *, places: int = 2) -> Decimal:
    """The amount in credits, rounded to `places` for a glance; never for arithmetic."""
    return exact_credits(amount_microcredits).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
