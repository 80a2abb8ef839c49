"""Credits' tables."""

from bluegpt.credits.models.books import Account, Draw, Grant, Hold, Transfer
from bluegpt.credits.models.cases import Case
from bluegpt.credits.models.limits import Cap
from bluegpt.credits.models.prices import Price, PriceVersion
from bluegpt.credits.models.proofs import Block, Verification

__all__ = [
    "Account",
    "Block",
    "Cap",
    "Case",
    "Draw",
    "Grant",
    "Hold",
    "Price",
    "PriceVersion",
    "Transfer",
    "Verification",
]
