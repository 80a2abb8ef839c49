"""A film's steps in the database, one transaction each, each safe to begin again.

The creation's id is the call's and the hold's: whoever knows one knows all. A step names the one
that it leaves and changes nothing when the film stands elsewhere, so of two workers that believe
the film theirs, one finds that it is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from bluegpt.core import clock
from bluegpt.core.events import publish
from bluegpt.core.jobs import enqueue
from bluegpt.core.writing import written
from bluegpt.credits.queries import holds
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Quote
from bluegpt.privacy.services import gate
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.events import FilmEnded
from bluegpt.studio.models import Call, Creation, FilmJob
from bluegpt.studio.queries.calls import usage_of
from bluegpt.studio.services import answers, creations, made_files
from bluegpt.studio.services.answers import Ending, Progress
from bluegpt.studio.services.creations import StoredMedia
from bluegpt.studio.services.sealing import seal_text
from bluegpt.studio.services.stopping import FILM_JOB
from bluegpt.studio.types.calls import Asked, CallState
from bluegpt.studio.types.media import FilmStep, Kind

FORGET_JOB = "studio.forget_film"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Everything that the first transaction of a film writes. `usage` is the most it can count."""

    call_id: UUID
    person_id: UUID
    model: Model
    price: Quote
    usage: Usage
    prompt: str
    settings: dict[str, str | int | bool]
    picture_id: UUID | None
    source_id: UUID | None
    wants_mail: bool
    key_id: UUID | None = None
    request_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a film ends. `usage` is what is charged, None for nothing.

    `is_borne` says that the provider may bill all the same what is not charged: our loss.
    """

    state: CallState
    error_code: str = ""
    provider_code: str = ""
    usage: Usage | None = None
    cost_nanousd: int = 0
    is_borne: bool = False
    is_kept_at_provider: bool = False  # so that it can be changed or carried on there
    made: StoredMedia | None = field(default=None, repr=False)
    digest: str = ""  # of the made film: SHA-256, in hex


@written
def begin(beginning: Beginning) -> Asked:
    """Hold the price, write wish, call and job, and have the worker take it; or nothing at all.

    Raises InsufficientCredits, CapReached, DebtOutstanding.
    """
    deadline_s = settings.BLUEGPT.films.deadline_s
    now = clock.now()
    ledger.hold(
        hold_id=beginning.call_id,
        person_id=beginning.person_id,
        quote=beginning.price,
        product="video",
        ttl_s=deadline_s + settings.BLUEGPT.credits.hold_ttl_s,
        key_id=beginning.key_id,
    )
    call = Call.objects.create(
        id=beginning.call_id,
        person_id=beginning.person_id,
        state=CallState.LIVE,
        model_key=beginning.model.key,
        model_name=beginning.model.display_name,
        recipient=beginning.model.recipient,
        sku=beginning.model.sku,
        request_digest=beginning.request_digest,
        input_tokens=beginning.usage.input_tokens,
        ceiling_microcredits=beginning.price.amount_microcredits,
        created_at=now,
        lease_until=now + timedelta(seconds=deadline_s),
    )
    creation = Creation.objects.create(
        id=call.id,
        person_id=beginning.person_id,
        call=call,
        source_id=beginning.source_id,
        kind=Kind.FILM,
        prompt_sealed=seal_text(
            beginning.prompt,
            person_id=beginning.person_id,
            place="creation.prompt",
            row_id=call.id,
        ),
        settings=beginning.settings,
        input_ids=[str(beginning.picture_id)] if beginning.picture_id else [],
        created_at=now,
    )
    FilmJob.objects.create(
        creation=creation,
        step=FilmStep.SUBMIT,
        deadline_at=now + timedelta(seconds=deadline_s),
        wants_mail=beginning.wants_mail,
    )
    take_up(creation.id)
    return asked_of(call)


def asked_of(call: Call) -> Asked:
    """What was begun with a call."""
    return Asked(
        call_id=call.id,
        conversation_id=None,
        question_id=None,
        answer_id=None,
        ceiling_microcredits=call.ceiling_microcredits,
        begun_at=call.created_at,
    )


def take_up(creation_id: UUID) -> None:
    """Have a worker walk the film on, unless one has it already."""
    enqueue(FILM_JOB, {"creation_id": str(creation_id)}, unique_key=str(creation_id))


@written
def leave(*, creation_id: UUID, clearance: Clearance) -> bool:
    """Before the wish leaves: from now on it is never sent again. False when it is not ours.

    Raises HoldResolved and NotCleared; then the film stands where it stood.
    """
    if not _moved(creation_id, FilmStep.SUBMIT, FilmStep.SUBMITTING):
        return False
    Call.objects.filter(id=creation_id).update(dispatched_at=clock.now())
    ledger.dispatch(hold_id=creation_id)
    gate.disclose(clearance, call_id=creation_id)
    _hold_on(creation_id)
    return True


@written
def watch(*, creation_id: UUID, person_id: UUID, ref: str) -> bool:
    """The provider has taken it on, under this name. False when the film was given up meanwhile."""
    sealed = seal_text(ref, person_id=person_id, place="film_job.ref", row_id=creation_id)
    moved = _moved(creation_id, FilmStep.SUBMITTING, FilmStep.WATCH, ref_sealed=sealed)
    if moved:
        _hold_on(creation_id)
    return moved


@written
def see(*, creation_id: UUID, percent: int | None) -> None:
    """It was looked at and is still in the making; where the provider says how far, that too."""
    seen: dict[str, int] = {"faults": 0}
    if percent is not None:
        seen["percent"] = percent
    FilmJob.objects.filter(pk=creation_id, step=FilmStep.WATCH).update(**seen)
    _hold_on(creation_id)


@written
def begin_fetching(*, creation_id: UUID, usage: Usage) -> bool:
    """It is done: what it counts is kept before anything is fetched."""
    if not _moved(creation_id, FilmStep.WATCH, FilmStep.FETCH, faults=0):
        return False
    _hold_on(creation_id, usage)
    return True


@written
def note_file(*, creation_id: UUID, file_key: str) -> bool:
    """The key of the file that is about to be written, so that half of one can be found."""
    return _moved(creation_id, FilmStep.FETCH, FilmStep.FETCH, file_key=file_key)


@written
def show_life(*, creation_id: UUID) -> bool:
    """Keep the hold while a long film is fetched; True when somebody asked to stop."""
    return _hold_on(creation_id)


@written
def note_fault(*, creation_id: UUID) -> int:
    """One more fault in a row; how many there are."""
    _hold_on(creation_id)
    return _counted_fault(creation_id)


@written
def end(*, creation_id: UUID, how: End) -> bool:
    """Settle or give back, name the film and its files, close the job: all or nothing, once.

    False when the film had ended before, or was deleted: then the files of `how` are nobody's.
    """
    job = FilmJob.objects.select_for_update().filter(pk=creation_id).first()
    if job is None or job.step == FilmStep.ENDED:
        return False
    call = Call.objects.get(id=creation_id)
    usage = usage_of(call) if how.usage is None else how.usage
    creations.end(
        call_id=creation_id,
        ending=Ending(
            state=how.state,
            finish=FinishReason.COMPLETE if how.made else None,
            error_code=how.error_code,
            is_chargeable=how.usage is not None,
            cost_nanousd=how.cost_nanousd,
            borne_microcredits=_borne(call) if how.is_borne and call.dispatched_at else 0,
        ),
        progress=Progress(text="", reasoning="", usage=usage, response_id=""),
        made=[how.made] if how.made else [],
    )
    if how.digest:
        made_files.note(digests=[how.digest], kind=Kind.FILM)
    job.step, job.provider_code = FilmStep.ENDED, how.provider_code
    job.file_key, job.faults = "", 0
    job.save(update_fields=["step", "provider_code", "file_key", "faults"])
    if job.ref_sealed and not how.is_kept_at_provider:
        forget_later([creation_id])
    publish(FilmEnded(creation_id=creation_id))
    return True


def forget_later(creation_ids: Sequence[UUID]) -> None:
    """Have the provider delete what it holds of films; part of the caller's transaction."""
    for creation_id in creation_ids:
        key = str(creation_id)
        enqueue(FORGET_JOB, {"creation_id": key}, unique_key=key)


@written
def note_forget_fault(*, creation_id: UUID) -> int:
    """The provider could not be asked to delete what it holds; how often in a row."""
    return _counted_fault(creation_id)


@written
def note_forgotten(*, creation_id: UUID) -> None:
    """The provider holds nothing of it any more, or cannot be asked to."""
    FilmJob.objects.filter(pk=creation_id).update(ref_sealed=b"", faults=0)


def _counted_fault(creation_id: UUID) -> int:
    FilmJob.objects.filter(pk=creation_id).update(faults=F("faults") + 1)
    found = FilmJob.objects.filter(pk=creation_id).values_list("faults", flat=True).first()
    return found or 0


def _moved(creation_id: UUID, here: FilmStep, there: FilmStep, **values: object) -> bool:
    job = FilmJob.objects.filter(pk=creation_id, step=here)
    return job.update(step=there, **values) == 1


def _hold_on(creation_id: UUID, usage: Usage | None = None) -> bool:
    """Renew hold and lease, keep what was counted; True when somebody asked to stop."""
    kept = usage or usage_of(Call.objects.get(id=creation_id))
    return answers.checkpoint(
        call_id=creation_id,
        progress=Progress(text="", reasoning="", usage=kept, response_id=""),
        hold_ttl_s=settings.BLUEGPT.credits.hold_ttl_s,
    )


def _borne(call: Call) -> int:
    """What the provider may bill for a film that nobody gets: what was held for it."""
    return holds.hold(call.id).amount_microcredits
