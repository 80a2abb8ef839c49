"""What a person chooses about their data. Each choice counts at once, and can be taken back.

Each is noted in the journal of erasures as well (`choice_notes`), once it is committed.
"""

from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.events import publish
from bluegpt.privacy.errors.choices import CannotObject, TermNotOffered
from bluegpt.privacy.events import LimitSet, UseEnded
from bluegpt.privacy.models import Choice
from bluegpt.privacy.queries import standing
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules.standing import can_be_objected_to, terms_offered
from bluegpt.privacy.services import choice_notes, requests
from bluegpt.privacy.types.choices import ChoiceKind
from bluegpt.privacy.types.rights import Right


@transaction.atomic
def restrict(*, person_id: UUID) -> None:
    """Freeze: data is kept, not used, not changed, not deleted. Source: GDPR, Art. 18."""
    if freeze(person_id=person_id):
        requests.note_act(person_id=person_id, right=Right.RESTRICTION)


@transaction.atomic
def freeze(*, person_id: UUID) -> bool:
    """The freeze itself, for whoever has a case for it already; False when it was on before."""
    is_new = _make(person_id, ChoiceKind.RESTRICTION)
    if is_new:
        publish(UseEnded(person_id=person_id, purpose=""))
    return is_new


@transaction.atomic
def lift(*, person_id: UUID) -> None:
    """End the freeze."""
    _take_back(person_id, ChoiceKind.RESTRICTION)


@transaction.atomic
def object_to(*, person_id: UUID, purpose: str) -> None:
    """Object to a purpose; what is queued or running for it ends. Source: GDPR, Art. 21.

    Raises CannotObject when the purpose rests on no interest of the operator, or on one that
    overrides: then somebody has to look at the reasons given.
    """
    if shut(person_id=person_id, purpose=purpose):
        requests.note_act(person_id=person_id, right=Right.OBJECTION)


@transaction.atomic
def shut(*, person_id: UUID, purpose: str) -> bool:
    """The objection itself, for whoever has a case for it already; False when it was on before.

    Raises CannotObject.
    """
    use = manifest().purposes.get(purpose)
    if use is None or not can_be_objected_to(use):
        raise CannotObject
    is_new = _make(person_id, ChoiceKind.OBJECTION, subject=purpose)
    if is_new:
        publish(UseEnded(person_id=person_id, purpose=purpose))
    return is_new


@transaction.atomic
def withdraw_objection(*, person_id: UUID, purpose: str) -> None:
    """Allow the purpose again."""
    _take_back(person_id, ChoiceKind.OBJECTION, subject=purpose)


@transaction.atomic
def allow_only_eea(*, person_id: UUID) -> None:
    """Allow only recipients in the European Economic Area."""
    if _make(person_id, ChoiceKind.ONLY_EEA):
        publish(LimitSet(person_id=person_id))


@transaction.atomic
def allow_all_countries(*, person_id: UUID) -> None:
    """Allow every country that the policy names."""
    _take_back(person_id, ChoiceKind.ONLY_EEA)


@transaction.atomic
def allow_no_keepers(*, person_id: UUID) -> None:
    """Allow no recipient that keeps what it is sent."""
    if _make(person_id, ChoiceKind.NO_KEEPERS):
        publish(LimitSet(person_id=person_id))


@transaction.atomic
def allow_keepers(*, person_id: UUID) -> None:
    """Allow recipients that keep prompts for as long as the policy says."""
    _take_back(person_id, ChoiceKind.NO_KEEPERS)


@transaction.atomic
def choose_content_term(*, person_id: UUID, term: str) -> None:
    """How long content stays after the account is closed. Raises TermNotOffered.

    The policy's own term is what holds without a choice.
    """
    offered = terms_offered(manifest())
    if term not in offered:
        raise TermNotOffered
    if term == next(iter(offered)):
        _take_back(person_id, ChoiceKind.CONTENT_TERM)
        return
    now = clock.now()
    Choice.objects.update_or_create(
        person_id=person_id,
        kind=ChoiceKind.CONTENT_TERM,
        subject="",
        defaults={"value": term, "at": now},
    )
    choice_notes.made(person_id, ChoiceKind.CONTENT_TERM, term, at=now)
    _forget(person_id)


def _make(person_id: UUID, kind: ChoiceKind, *, subject: str = "") -> bool:
    """Write the choice; False when it was made before."""
    row, is_new = Choice.objects.get_or_create(
        person_id=person_id, kind=kind, subject=subject, defaults={"at": clock.now()}
    )
    if is_new:
        choice_notes.made(person_id, kind, subject, at=row.at)
    _forget(person_id)
    return is_new


def _take_back(person_id: UUID, kind: ChoiceKind, *, subject: str = "") -> None:
    same = Choice.objects.filter(person_id=person_id, kind=kind, subject=subject)
    if same.delete()[0]:
        choice_notes.undone(person_id, kind, subject, at=clock.now())
    _forget(person_id)


def _forget(person_id: UUID) -> None:
    # Now for what this transaction still asks, and again when the others can see the choice.
    standing.forget(person_id)
    transaction.on_commit(lambda: standing.forget(person_id))
