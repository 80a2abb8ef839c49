"""What a call costs in the end: settled on what was used, released, or left in doubt.

At most once, the first wins. A usage that nobody can believe ends nothing: the hold stays as it
is, in doubt, and a case asks somebody to look.
"""

from uuid import UUID, uuid5

from bluegpt.core.events import publish
from bluegpt.core.writing import written
from bluegpt.credits.errors import (
    CapReached,
    DebtOutstanding,
    HoldResolved,
    InsufficientCredits,
    NoPrice,
)
from bluegpt.credits.events import DoubtEnded
from bluegpt.credits.queries import dialect
from bluegpt.credits.rules.believing import Doubt, doubt_of
from bluegpt.credits.rules.deadlines import DOUBT_TTL_S
from bluegpt.credits.rules.digests import consumption_text, digest_of, usage_json
from bluegpt.credits.rules.pricing import charge_microcredits
from bluegpt.credits.services import cases, one_call, placing
from bluegpt.credits.services.resolution import (
    Held,
    Outcome,
    locked,
    recorded,
    resolve,
)
from bluegpt.credits.types import (
    CaseKind,
    Consumption,
    HoldState,
    Settlement,
)


def settle(
    *,
    hold_id: UUID,
    consumption: Consumption,
    usage_source: str,
    ceiling_microcredits: int | None = None,
) -> Settlement:
    """Charge what was used, at the hold's price version, rounded up once; return the rest.

    A use beyond what is held may take more from the wallet, up to `ceiling_microcredits`, the
    most that the person was told; None: nothing beyond the hold. What neither covers is absorbed
    by the platform, visibly. A usage that cannot be believed, or has no price, leaves everything
    held: the settlement then says `in_doubt`. A hold that has ended, or is in doubt, gives its
    first result again. Raises UnknownHold.
    """
    settlement = one_call.settle(
        hold_id=hold_id, consumption=consumption, usage_source=usage_source
    )
    if settlement is not None:
        return settlement
    return _settle_reported(hold_id, consumption, usage_source, ceiling_microcredits)


@written
def _settle_reported(
    hold_id: UUID, consumption: Consumption, usage_source: str, ceiling_microcredits: int | None
) -> Settlement:
    """The same on both databases, whatever there is about the call."""
    held = locked(hold_id)
    if held.state not in (HoldState.HELD, HoldState.DISPATCHED):
        return recorded(held)
    if consumption.sku != held.sku:
        raise ValueError(f"held for {held.sku}, settled for {consumption.sku}")
    why = _doubt(held, consumption, usage_source, ceiling_microcredits or 0)
    if why is not None:
        return _leave_in_doubt(held, why, consumption, usage_source)
    due = charge_microcredits(consumption, held.rates)
    if ceiling_microcredits is not None and due > held.amount:
        held = _topped_up(held, min(due, ceiling_microcredits))
    return _settle(held, consumption, usage_source, due)


@written
def settle_doubt(*, hold_id: UUID, consumption: Consumption, author: str) -> Settlement:
    """End a doubt with a usage that somebody, or a rule, stands for. Raises NoPrice, UnknownHold.

    A hold that has ended gives its first result again. Raises HoldResolved for a call under way.
    """
    held = locked(hold_id)
    if not held.is_open:
        return recorded(held)
    if held.state is not HoldState.IN_DOUBT:
        raise HoldResolved
    due = charge_microcredits(consumption, held.rates)
    return _settle(held, consumption, "decided", due, reason=f"decided by {author}")


def release(*, hold_id: UUID, reason: str, written_off_microcredits: int = 0) -> Settlement:
    """Give everything that the call holds back. One that has ended gives its first result again.

    `written_off_microcredits` is what the provider may bill for it all the same: our loss.
    """
    if not written_off_microcredits:
        settlement = one_call.release(hold_id=hold_id, reason=reason)
        if settlement is not None:
            return settlement
    return _release_all(hold_id, reason, written_off_microcredits)


@written
def _release_all(hold_id: UUID, reason: str, written_off: int) -> Settlement:
    held = locked(hold_id)
    if not held.is_open:
        return recorded(held)
    return _release(held, reason, written_off)


@written
def release_overdue(*, hold_id: UUID) -> Settlement | None:
    """Release a hold whose call never left and whose deadline has passed; None otherwise.

    Looks again under the lock: it may have been dispatched or extended since it was listed.
    """
    held = locked(hold_id)
    if held.state is not HoldState.HELD or held.deadline_at > held.now:
        return None
    return _release(held, "deadline")


@written
def end_overdue_doubt(*, hold_id: UUID) -> Settlement | None:
    """End a doubt that nobody decided in time; None when it has ended, or has time left.

    Our own count of what reached the person is charged when there is one; a figure that was
    merely reported is not: then everything goes back, and the platform writes it off.
    """
    held = locked(hold_id)
    if held.state is not HoldState.IN_DOUBT or held.deadline_at > held.now:
        return None
    if held.doubt.has_own_count:
        due = charge_microcredits(held.consumption, held.rates)
        return _settle(held, held.consumption, "estimated", due, reason="nobody decided")
    return _release(held, "nobody decided", held.amount)


@written
def doubt(*, hold_id: UUID, reason: str) -> Settlement:
    """Leave a dispatched call's hold in doubt: its outcome is not known. Again is the same."""
    held = locked(hold_id)
    if held.state is not HoldState.DISPATCHED:
        return recorded(held)
    nothing = Consumption(sku=held.sku, context_tokens=0, lines=())
    return _leave_in_doubt(held, Doubt.UNKNOWN, nothing, "none", note=reason)


def _doubt(held: Held, consumption: Consumption, usage_source: str, ceiling: int) -> Doubt | None:
    try:
        due = charge_microcredits(consumption, held.rates)
    except NoPrice:
        return Doubt.NO_PRICE
    except ValueError:
        return Doubt.NEGATIVE
    worst = max(held.amount, ceiling)
    return doubt_of(due_microcredits=due, worst_microcredits=worst, usage_source=usage_source)


def _leave_in_doubt(
    held: Held, why: Doubt, consumption: Consumption, usage_source: str, note: str = ""
) -> Settlement:
    """Keep all that is held, and what was reported, until somebody has looked."""
    dialect.run(
        "UPDATE credits_hold SET state = 'in_doubt', usage_source = %s, consumption = %s,"
        " settled_context_tokens = %s, reason = %s, deadline_at = %s"
        " WHERE id = %s OR extends_id = %s",
        usage_source,
        usage_json(consumption.lines),
        consumption.context_tokens,
        why.value,
        held.deadline_for_doubt(DOUBT_TTL_S),
        held.id,
        held.id,
    )
    cases.open_case(
        kind=CaseKind.QUARANTINE,
        subject=str(held.id),
        person_id=held.person_id,
        hold_id=held.id,
        facts={
            "why": why.value,
            "note": note,
            "sku": held.sku,
            "held_microcredits": held.amount,
            "context_tokens": consumption.context_tokens,
        }
        | {line.meter.value: line.quantity for line in consumption.lines},
    )
    return Settlement(
        hold_id=held.id,
        state=HoldState.IN_DOUBT,
        charged_microcredits=0,
        released_microcredits=0,
        absorbed_microcredits=0,
    )


def _topped_up(held: Held, wanted: int) -> Held:
    """The call with as much more as the wallet gives, up to `wanted` altogether."""
    lacking = wanted - held.amount
    step_id = uuid5(held.id, "settlement")
    while lacking > 0:
        try:
            placing.place_step(hold_id=held.id, step_id=step_id, amount_microcredits=lacking)
        except InsufficientCredits as refusal:
            # Under this wallet's lock the second look finds what the first one saw, or more.
            lacking = min(lacking - 1, refusal.available_microcredits)
        except (CapReached, DebtOutstanding):
            break
        else:
            return locked(held.id)
    return held


def _settle(
    held: Held, consumption: Consumption, usage_source: str, due: int, reason: str = ""
) -> Settlement:
    charge = min(due, held.amount)
    outcome = Outcome(
        state=HoldState.SETTLED,
        charge=charge,
        absorbed=due - charge,
        consumption=consumption,
        usage_source=usage_source,
        reason=reason,
        digest=digest_of(consumption_text(consumption), usage_source),
    )
    return _end(held, outcome)


def _release(held: Held, reason: str, written_off: int = 0) -> Settlement:
    outcome = Outcome(
        state=HoldState.RELEASED,
        written_off=written_off,
        reason=reason,
        digest=digest_of(reason),
    )
    return _end(held, outcome)


def _end(held: Held, outcome: Outcome) -> Settlement:
    settlement = resolve(held, outcome)
    if held.state is HoldState.IN_DOUBT:
        publish(DoubtEnded(hold_id=held.id))
    return settlement
