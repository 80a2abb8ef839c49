"""Cases: something about a person's credits that somebody has to look at, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from bluegpt.core.events import publish
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.credits.errors import (
    AlreadyDisputed,
    CaseAnswered,
    DoubtUndecided,
    NothingToCorrect,
    UnknownCase,
    WordlessCase,
    WordyCase,
)
from bluegpt.credits.events import DisputeAnswered
from bluegpt.credits.models import Case, Hold
from bluegpt.credits.queries import cases, dialect
from bluegpt.credits.queries.sealed import context
from bluegpt.credits.services import corrections
from bluegpt.credits.types import CaseKind, CaseState, HoldState
from bluegpt.vault.errors import PersonErased
from bluegpt.vault.services import seal as vault

WORDS_CHARS_MAX = 2_000
BY_RULE = cases.BY_RULE


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What staff say to a case. With an amount, that much comes back to the person."""

    case_id: UUID
    author: str
    words: str
    give_back_microcredits: int = 0


def open_case(
    *,
    kind: CaseKind,
    subject: str,
    person_id: UUID | None = None,
    hold_id: UUID | None = None,
    group_id: UUID | None = None,
    facts: Mapping[str, int | str],
) -> UUID:
    """Ask somebody to look; the case's id. One case per kind and subject, for ever.

    While the case is open, newer facts replace the old ones. Part of the caller's transaction.
    """
    fresh = Case(
        id=new_id(),
        kind=kind.value,
        subject=subject,
        person_id=person_id,
        hold_id=hold_id,
        group_id=group_id,
        state=CaseState.OPEN.value,
        facts=dict(facts),
        created_at=dialect.now(),
    )
    Case.objects.bulk_create([fresh], ignore_conflicts=True)
    same = Case.objects.filter(kind=kind.value, subject=subject)
    found = same.values_list("id", flat=True).get()
    if found != fresh.id:
        same.filter(state=CaseState.OPEN.value).update(facts=dict(facts))
    return found


def dispute(
    *, person_id: UUID, words: str, hold_id: UUID | None = None, group_id: UUID | None = None
) -> UUID:
    """Contest a line of the person's statement, by its call or by its group; the case's id.

    The same words again give the same case. Raises UnknownLine, WordlessCase, WordyCase beyond
    WORDS_CHARS_MAX, and AlreadyDisputed when the line was contested in other words.
    """
    words = words.strip()
    if not words:
        raise WordlessCase
    if len(words) > WORDS_CHARS_MAX:
        raise WordyCase(chars_max=WORDS_CHARS_MAX)
    if (hold_id is None) == (group_id is None):
        raise ValueError("a line is named by its call or by its group")
    if hold_id is not None:
        hold_id = cases.call_of(person_id=person_id, hold_id=hold_id)
    elif group_id is not None:
        hold_id = cases.line_of(person_id=person_id, group_id=group_id)
    case_id = new_id()
    fresh = Case(
        id=case_id,
        kind=CaseKind.DISPUTE.value,
        subject=str(hold_id or group_id),
        person_id=person_id,
        hold_id=hold_id,
        group_id=group_id,
        state=CaseState.OPEN.value,
        words_sealed=_sealed(words, person_id=person_id, place="case.words", case_id=case_id),
        created_at=dialect.now(),
    )
    Case.objects.bulk_create([fresh], ignore_conflicts=True)
    kept = Case.objects.get(kind=fresh.kind, subject=fresh.subject)
    if kept.id != case_id and cases.words_of(kept) != words:
        raise AlreadyDisputed(case_id=kept.id)
    return kept.id


def answer(reply: Answer) -> None:
    """Answer a case; with an amount, give that much back for its call. Told to the person by mail.

    The same answer again changes nothing. Raises UnknownCase, CaseAnswered when it has another
    answer, NothingToCorrect when an amount was named and the case is about no call,
    CorrectionTooLarge when the call did not cost that much, DoubtUndecided while what it costs is
    open (see `doubts`), WordlessCase and WordyCase.
    """
    words = reply.words.strip()
    if not words or not reply.author:
        raise WordlessCase
    if len(words) > WORDS_CHARS_MAX:
        raise WordyCase(chars_max=WORDS_CHARS_MAX)
    if reply.give_back_microcredits < 0:
        raise ValueError("an answer gives back, it never takes")
    with transaction.atomic():
        found = _locked(reply)
        if found.state == CaseState.ANSWERED.value:
            _insist_on_same(found, reply, words)
            return
        if _is_undecided(found):
            raise DoubtUndecided
        if reply.give_back_microcredits:
            found.correction_id = _give_back(found, reply)
        found.state = CaseState.ANSWERED.value
        found.answered_by = reply.author
        found.answered_at = dialect.now()
        found.answer_sealed = _answer_sealed(found, words)
        found.save(
            update_fields=["state", "answered_by", "answered_at", "answer_sealed", "correction_id"]
        )
        if found.person_id is not None and found.kind == CaseKind.DISPUTE.value:
            publish(DisputeAnswered(person_id=found.person_id, case_id=found.id))


def close_quarantine(*, hold_id: UUID, author: str, words: str) -> None:
    """Answer the case of a doubtful usage whose call has ended. Without an open one, nothing."""
    waiting = Case.objects.filter(
        kind=CaseKind.QUARANTINE.value, subject=str(hold_id), state=CaseState.OPEN.value
    )
    with transaction.atomic():
        for case_id in waiting.select_for_update().values_list("id", flat=True):
            answer(Answer(case_id=case_id, author=author, words=words))


def _locked(reply: Answer) -> Case:
    """The case's row; the call's before it, as everywhere, when something comes back for it."""
    cases_of_id = Case.objects.filter(id=reply.case_id)
    if reply.give_back_microcredits:
        Hold.objects.select_for_update().filter(id__in=cases_of_id.values("hold_id")).first()
    found = cases_of_id.select_for_update().first()
    if found is None:
        raise UnknownCase
    return found


def _is_undecided(found: Case) -> bool:
    return (
        found.kind == CaseKind.QUARANTINE.value
        and found.hold_id is not None
        and Hold.objects.filter(id=found.hold_id, state=HoldState.IN_DOUBT.value).exists()
    )


def _give_back(found: Case, reply: Answer) -> UUID:
    if found.hold_id is None:
        raise NothingToCorrect
    corrections.give_back(
        correction_id=found.id,
        hold_id=found.hold_id,
        amount_microcredits=reply.give_back_microcredits,
        author=reply.author,
        # Stored in English, shown in the reader's language.
        reason=gettext_noop("Correction after a dispute"),
        reference=f"case:{found.id}",
    )
    return found.id


def _insist_on_same(found: Case, reply: Answer, words: str) -> None:
    known = cases.view_of(found)
    same = (known.answered_by, known.answer, known.given_back_microcredits)
    if same != (reply.author, words, reply.give_back_microcredits):
        raise CaseAnswered


def _answer_sealed(found: Case, words: str) -> bytes:
    """Under the person's key. What is about nobody is our own; an erased person gets no words."""
    if found.person_id is None:
        return words.encode()
    try:
        return _sealed(words, person_id=found.person_id, place="case.answer", case_id=found.id)
    except PersonErased:
        return b""


def _sealed(words: str, *, person_id: UUID, place: str, case_id: UUID) -> bytes:
    return vault.seal(
        words.encode(),
        person_id=person_id,
        data_class=DataClass.CONTENT,
        context=context(place, case_id),
    )
