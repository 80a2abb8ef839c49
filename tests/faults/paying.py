"""What a payment does to the ledger, told in the words of whoever tells of payments."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from bluegpt.core.ids import new_id
from bluegpt.credits.queries import balances
from bluegpt.credits.services import clawbacks, ledger
from bluegpt.credits.services.clawbacks import TakenBack
from bluegpt.credits.types import Category
from tests.credits import books

_EVENTS = UUID("6b1f3f0e-7c84-4a5e-9a3c-3f7b1f0e7c84")


def pay(person_id: UUID, amount: int, *, cart: str) -> UUID:
    """A captured payment: one pack of paid credits per cart."""
    return ledger.grant(
        person_id=person_id,
        category=Category.PAID,
        amount_microcredits=amount,
        source_kind="pack",
        source_id=cart,
        reason="a pack",
    )


def open_period(person_id: UUID, amount: int, *, subscription: str, period: str) -> UUID:
    """A paid period of a subscription: one lot per subscription and first day."""
    return ledger.grant(
        person_id=person_id,
        category=Category.PLAN,
        amount_microcredits=amount,
        source_kind="plan_period",
        source_id=f"{subscription}:{period}",
        reason="a period",
    )


def take_back(amount: int | None, *, cart: str, event: str) -> TakenBack:
    """A refund (None: what is unspent) or a contested payment; the event's name is its key."""
    return clawbacks.claw_back(
        clawback_id=uuid5(_EVENTS, f"{cart}:{event}"),
        source_kind="pack",
        source_id=cart,
        amount_microcredits=amount,
        author="payments",
        reason=event,
    )


def spend(person_id: UUID, amount: int) -> None:
    """A call of exactly this price."""
    books.settle(books.hold(person_id, amount).id, amount)


def new_cart() -> str:
    """The name of a cart that nobody has bought yet."""
    return f"cart_{new_id().hex}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a person stands with us, in microcredits."""

    available: int
    held: int
    debt: int
    lots: tuple[int, ...]


def standing(person_id: UUID) -> Standing:
    """Everything that two orders of the same events have to agree on."""
    balance = balances.balance(person_id)
    return Standing(
        available=balance.available_microcredits,
        held=balance.held_microcredits,
        debt=balances.debt(person_id),
        lots=tuple(sorted(lot.remaining_microcredits for lot in balances.lots(person_id))),
    )
