"""The chart of accounts.

A wallet belongs to a person, as a debt does, and its number comes from the database's sequence,
so it is positive. The platform's accounts are written down here under negative numbers: no
sequence ever gives one, no step of a paid answer has to look one up, and the sign tells the two
apart.
"""

from enum import IntEnum

from bluegpt.credits.types import Category

CREDITS = "credits"  # the ledger whose unit is the microcredit
WALLET = "wallet"
DEBT = "debt"  # what a person owes: credits spent whose payment was taken back


class Platform(IntEnum):
    """The platform's accounts in the credit ledger. A number is never used twice."""

    ISSUED_PLAN = -1
    ISSUED_PROMO = -2
    ISSUED_ADJUSTMENT = -3
    ISSUED_PAID = -4
    CONSUMED_CHAT = -11
    CONSUMED_IMAGE = -12
    CONSUMED_VIDEO = -13
    BREAKAGE = -21  # what expired unused
    CLAWBACK = -22  # what was taken back
    OVERRUN_ABSORBED = -31  # use beyond its hold: the platform's loss
    IN_DOUBT_WRITEOFF = -32  # cost of calls whose outcome nobody could prove


CODES: dict[Platform, str] = {
    Platform.ISSUED_PLAN: "issued:plan",
    Platform.ISSUED_PROMO: "issued:promo",
    Platform.ISSUED_ADJUSTMENT: "issued:adjustment",
    Platform.ISSUED_PAID: "issued:paid",
    Platform.CONSUMED_CHAT: "consumed:chat",
    Platform.CONSUMED_IMAGE: "consumed:image",
    Platform.CONSUMED_VIDEO: "consumed:video",
    Platform.BREAKAGE: "breakage",
    Platform.CLAWBACK: "clawback",
    Platform.OVERRUN_ABSORBED: "overrun_absorbed",
    Platform.IN_DOUBT_WRITEOFF: "in_doubt_writeoff",
}

ISSUED: dict[Category, Platform] = {
    Category.PLAN: Platform.ISSUED_PLAN,
    Category.PROMO: Platform.ISSUED_PROMO,
    Category.ADJUSTMENT: Platform.ISSUED_ADJUSTMENT,
    Category.PAID: Platform.ISSUED_PAID,
}
CONSUMED: dict[str, Platform] = {
    "chat": Platform.CONSUMED_CHAT,
    "image": Platform.CONSUMED_IMAGE,
    "video": Platform.CONSUMED_VIDEO,
}


def consumed(product: str) -> Platform:
    """The account that takes what a product uses. Raises ValueError for an unknown product."""
    try:
        return CONSUMED[product]
    except KeyError:
        raise ValueError(f"no account takes what {product!r} uses") from None
