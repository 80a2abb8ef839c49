"""Cases as their person, and as staff, see them."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from bluegpt.credits.errors import UnknownCase, UnknownLine
from bluegpt.credits.models import Case
from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.queries.sealed import open_text
from bluegpt.credits.types import CaseKind, CaseState, CaseView

PAGE_SIZE = 50
BY_RULE = "ledger"  # who answers when nobody had to


def case(case_id: UUID) -> CaseView:
    """One case, for staff. Raises UnknownCase."""
    found = Case.objects.filter(id=case_id).first()
    if found is None:
        raise UnknownCase
    return view_of(found)


def own_case(*, person_id: UUID, case_id: UUID) -> CaseView:
    """One case of a person, for that person. Raises UnknownCase."""
    found = Case.objects.filter(id=case_id, person_id=person_id).first()
    if found is None:
        raise UnknownCase
    return view_of(found)


def cases_of(person_id: UUID, *, limit: int = 100) -> tuple[CaseView, ...]:
    """The cases about a person's credits, the newest first."""
    return _views(Case.objects.filter(person_id=person_id).order_by("-created_at", "-id")[:limit])


def open_cases(*, page: int = 1, kind: CaseKind | None = None) -> tuple[CaseView, ...]:
    """What waits for an answer, the oldest first, `PAGE_SIZE` at a time; pages count from 1."""
    waiting = Case.objects.filter(state=CaseState.OPEN.value).order_by("created_at", "id")
    if kind is not None:
        waiting = waiting.filter(kind=kind.value)
    start = (page - 1) * PAGE_SIZE
    return _views(waiting[start : start + PAGE_SIZE])


def open_case_count() -> int:
    """How many cases wait for an answer."""
    return Case.objects.filter(state=CaseState.OPEN.value).count()


def open_dispute_count(person_id: UUID) -> int:
    """How many of a person's own questions wait for an answer."""
    return Case.objects.filter(
        person_id=person_id, kind=CaseKind.DISPUTE.value, state=CaseState.OPEN.value
    ).count()


def disputed_calls(*, person_id: UUID, subjects: list[UUID]) -> dict[UUID, UUID]:
    """Of these calls and lines (by the id of the hold or of the group), the cases there are."""
    known = Case.objects.filter(
        person_id=person_id,
        kind=CaseKind.DISPUTE.value,
        subject__in=[str(subject) for subject in subjects],
    )
    return {UUID(subject): id_ for subject, id_ in known.values_list("subject", "id")}


def call_of(*, person_id: UUID, hold_id: UUID) -> UUID:
    """The first hold of a settled call of this person, whichever of its holds is named.

    Raises UnknownLine, also for what was released: nothing was charged, there is no line.
    """
    found = dialect.row(
        "SELECT coalesce(extends_id, id) FROM credits_hold WHERE id = %s AND person_id = %s"
        " AND state = 'settled'",
        hold_id,
        person_id,
    )
    if found is None:
        raise UnknownLine
    return dialect.uuid(found[0])


def line_of(*, person_id: UUID, group_id: UUID) -> UUID | None:
    """The call that a line of the person's statement is about, None when it is about none.

    Raises UnknownLine when no line of this group moved the person's wallet.
    """
    wallet_id = wallet_of(person_id)
    found = dialect.rows(
        "SELECT t.code, coalesce(h.extends_id, h.id) FROM credits_transfer t"
        " LEFT JOIN credits_hold h ON h.id = t.hold_id WHERE t.group_id = %s"
        " AND t.kind IN ('normal', 'post', 'correct')"
        " AND (t.debit_account_id = %s OR t.credit_account_id = %s) ORDER BY t.sequence",
        group_id,
        wallet_id,
        wallet_id,
    )
    if not found:
        raise UnknownLine
    calls = [row[1] for row in found if row[1] is not None]
    return dialect.uuid(calls[0]) if calls else None


def view_of(found: Case) -> CaseView:
    """A case with its words opened."""
    return _views_of([found])[0]


def words_of(found: Case) -> str:
    """What the person wrote."""
    return _text(found, found.words_sealed, "case.words")


def answer_of(found: Case) -> str:
    """What staff answered; what the rule answers is in the reader's language."""
    text = _text(found, found.answer_sealed, "case.answer")
    return gettext(text) if text and found.answered_by == BY_RULE else text


def _text(found: Case, sealed: bytes | memoryview, place: str) -> str:
    if found.person_id is None:
        return bytes(sealed).decode()  # nobody's words but our own
    return open_text(sealed, person_id=found.person_id, place=place, row_id=found.id)


def _views(cases: "QuerySet[Case]") -> tuple[CaseView, ...]:
    return _views_of(list(cases))


def _views_of(cases: list[Case]) -> tuple[CaseView, ...]:
    given = _given_back([found.correction_id for found in cases if found.correction_id])
    return tuple(
        CaseView(
            id=found.id,
            kind=CaseKind(found.kind),
            subject=found.subject,
            state=CaseState(found.state),
            person_id=found.person_id,
            hold_id=found.hold_id,
            group_id=found.group_id,
            facts=found.facts,
            words=words_of(found),
            answer=answer_of(found),
            answered_by=found.answered_by,
            given_back_microcredits=given.get(found.correction_id, 0),
            created_at=found.created_at,
            answered_at=found.answered_at,
        )
        for found in cases
    )


def _given_back(correction_ids: list[UUID]) -> dict[UUID | None, int]:
    """Microcredits that each of some corrections gave back."""
    if not correction_ids:
        return {}
    places = ", ".join(["%s"] * len(correction_ids))
    found = dialect.rows(
        "SELECT source_id, amount_microcredits FROM credits_grant"
        f" WHERE source_kind = 'correction' AND source_id IN ({places})",
        *(str(correction_id) for correction_id in correction_ids),
    )
    return {UUID(source_id): amount for source_id, amount in found}
