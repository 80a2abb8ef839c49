"""`bluegpt credits …`"""

import argparse

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.core.ids import new_id
from bluegpt.core.money import credits_text
from bluegpt.credits.queries import balances
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category
from bluegpt.ops.amounts import microcredits_typed
from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import table

_REASON_CHARS_MAX = 200


def grant(arguments: argparse.Namespace) -> int:
    """Give a person credits that do not expire. Each run is a grant of its own."""
    amount = microcredits_typed(arguments.amount)
    reason = " ".join(arguments.reason.split())
    if not 0 < len(reason) <= _REASON_CHARS_MAX:
        raise Complaint(f"Say why, in {_REASON_CHARS_MAX} characters at most: it stands for ever.")
    person = person_by_email(arguments.email)
    ledger.grant(
        person_id=person.id,
        category=Category.ADJUSTMENT,
        amount_microcredits=amount,
        source_kind="operator",
        source_id=str(new_id()),
        reason=reason,
        author="operator",
    )
    available = balances.balance(person.id).available_microcredits
    print(f"{person.email} got {credits_text(amount)} credits and has {credits_text(available)}.")
    return 0


def balance(arguments: argparse.Namespace) -> int:
    """What a person can spend, to the microcredit, and the lots in the order they are used."""
    person = person_by_email(arguments.email)
    held = balances.balance(person.id)
    print(
        f"{credits_text(held.available_microcredits)} credits available,"
        f" {credits_text(held.held_microcredits)} held"
    )
    rows = [
        (
            credits_text(lot.remaining_microcredits),
            lot.category,
            f"until {lot.expires_at:%Y-%m-%d}" if lot.expires_at else "for ever",
            lot.reason,
        )
        for lot in balances.lots(person.id)
    ]
    if rows:
        print(table(rows, right=frozenset({0})))
    return 0
