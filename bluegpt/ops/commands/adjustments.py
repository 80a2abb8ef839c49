"""`bluegpt credits correct | clawback`: what staff put right in the books, under their name."""

import argparse

from bluegpt.core.ids import new_id
from bluegpt.core.money import credits_text
from bluegpt.credits.services import clawbacks, corrections
from bluegpt.ops.amounts import microcredits_typed
from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import tell

_REASON_CHARS_MAX = 200


def correct(arguments: argparse.Namespace) -> int:
    """Give back what a call was charged too much."""
    amount = microcredits_typed(arguments.amount)
    correction_id = arguments.id or new_id()
    corrections.give_back(
        correction_id=correction_id,
        hold_id=arguments.hold,
        amount_microcredits=amount,
        author=arguments.author,
        reason=_reason(arguments.reason),
        reference=arguments.reference,
    )
    print(f"{credits_text(amount)} credits came back.")
    tell(f"The same with --id {correction_id} changes nothing more.")
    return 0


def claw_back(arguments: argparse.Namespace) -> int:
    """Take back a lot whose payment was returned or contested."""
    amount = None if arguments.amount is None else microcredits_typed(arguments.amount)
    clawback_id = arguments.id or new_id()
    reason = _reason(arguments.reason)
    try:
        taken = clawbacks.claw_back(
            clawback_id=clawback_id,
            source_kind=arguments.source_kind,
            source_id=arguments.source_id,
            amount_microcredits=amount,
            author=arguments.author,
            reason=reason,
        )
    except ValueError:
        raise Complaint("That is more than the lot ever was.") from None
    print(
        f"{credits_text(taken.taken_microcredits)} credits were taken back,"
        f" {credits_text(taken.debt_microcredits)} became a debt."
    )
    tell(f"The same with --id {clawback_id} changes nothing more.")
    return 0


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not 0 < len(reason) <= _REASON_CHARS_MAX:
        raise Complaint(f"Say why, in {_REASON_CHARS_MAX} characters at most: it stands for ever.")
    return reason
