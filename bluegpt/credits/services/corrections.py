"""Giving back what a call was charged too much. Nothing is ever charged later: that is our loss."""

from dataclasses import dataclass
from uuid import UUID

from bluegpt.core.ids import new_id
from bluegpt.core.writing import written
from bluegpt.credits.errors import CorrectionTooLarge, UnknownHold
from bluegpt.credits.queries import dialect
from bluegpt.credits.rules import chart
from bluegpt.credits.rules.digests import digest_of
from bluegpt.credits.services import journal
from bluegpt.credits.services.lots import write_lot
from bluegpt.credits.types import Category, NewLot, TransferCode, TransferKind

SOURCE_KIND = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Correction:
    """Microcredits that come back for a call, and who says so, why, and on which document."""

    id: UUID
    hold_id: UUID
    amount_microcredits: int
    author: str
    reason: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """A line that charged the call, and what of it can still come back."""

    id: UUID
    hold_id: UUID
    left: int


@written
def give_back(
    *,
    correction_id: UUID,
    hold_id: UUID,
    amount_microcredits: int,
    author: str,
    reason: str,
    reference: str,
) -> UUID:
    """Give credits back for a settled call, as a new lot without end; the lot's id.

    `correction_id` is the idempotency key: the same correction again gives the same lot.
    `hold_id` is the call's first hold, `reference` the case or report behind it. The lines name
    the posts that they correct, from the last one backwards, as what returns does. Raises
    UnknownHold, IdempotencyConflict, CorrectionTooLarge when the call has not cost that much,
    and ValueError without an amount, an author or a reason.
    """
    if amount_microcredits <= 0 or not author or not reason:
        raise ValueError("a correction has an amount, an author and a reason")
    correction = _Correction(
        id=correction_id,
        hold_id=hold_id,
        amount_microcredits=amount_microcredits,
        author=author,
        reason=reason,
        reference=reference,
    )
    person_id, product, posts = _charged(hold_id)
    lot = NewLot(
        person_id=person_id,
        category=Category.ADJUSTMENT,
        amount_microcredits=amount_microcredits,
        source_kind=SOURCE_KIND,
        source_id=str(correction_id),
        reason=reason,
        author=author,
    )
    digest = digest_of(hold_id, amount_microcredits)

    def lines_of(wallet_id: int, lot_id: UUID) -> list[journal.Line]:
        account = chart.consumed(product)
        return [
            _line(correction, post, amount, (account, wallet_id, lot_id, digest))
            for post, amount in _unwound(posts, amount_microcredits)
        ]

    return write_lot(lot, digest=digest, lines_of=lines_of)


def _line(
    correction: _Correction,
    post: _Post,
    amount: int,
    place: tuple[chart.Platform, int, UUID, str],
) -> journal.Line:
    """Note the correction with its hold; the line that moves it back."""
    dialect.run(
        "UPDATE credits_hold SET corrected_microcredits = corrected_microcredits + %s"
        " WHERE id = %s",
        amount,
        post.hold_id,
    )
    account, wallet_id, lot_id, digest = place
    return journal.Line(
        id=new_id(),
        debit=account,
        credit=wallet_id,
        amount=amount,
        code=TransferCode.CORRECTION,
        kind=TransferKind.CORRECT,
        corrects_id=post.id,
        lot_id=lot_id,
        hold_id=post.hold_id,
        reference=correction.reference,
        request_hash=digest,
        author=correction.author,
        reason=correction.reason,
    )


def _charged(hold_id: UUID) -> tuple[UUID, str, list[_Post]]:
    """Whose call it was, its product, and its posts from the last one backwards; locked."""
    found = dialect.row(
        "SELECT person_id, product FROM credits_hold WHERE id = %s AND state <> 'refused'"
        " AND extends_id IS NULL" + dialect.lock_sql(),
        hold_id,
    )
    if found is None:
        raise UnknownHold
    rows = dialect.rows(
        "SELECT t.id, h.id, t.amount, h.corrected_microcredits FROM credits_hold h"
        " JOIN credits_draw d ON d.hold_id = h.id"
        " JOIN credits_transfer t ON t.pending_id = d.transfer_id AND t.kind = 'post'"
        " WHERE h.id = %s OR h.extends_id = %s ORDER BY t.sequence DESC",
        hold_id,
        hold_id,
    )
    corrected = {row[1]: int(row[3]) for row in rows}
    posts = []
    for post_id, own_hold_id, amount, _corrected in rows:
        # Corrections unwind backwards too, so those before this one are at this end.
        already = min(corrected[own_hold_id], amount)
        corrected[own_hold_id] -= already
        post = _Post(
            id=dialect.uuid(post_id), hold_id=dialect.uuid(own_hold_id), left=amount - already
        )
        posts.append(post)
    return dialect.uuid(found[0]), found[1], posts


def _unwound(posts: list[_Post], amount: int) -> list[tuple[_Post, int]]:
    """How a correction falls on posts. Raises CorrectionTooLarge."""
    left = amount
    parts = []
    for post in posts:
        part = min(left, post.left)
        if part:
            parts.append((post, part))
            left -= part
    if left:
        raise CorrectionTooLarge(left_microcredits=amount - left)
    return parts
