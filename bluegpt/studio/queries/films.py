"""Films in the making: what our worker has to know, and what their owner is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluegpt.providers.types.films import FilmAct
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.models import Call, FilmJob
from bluegpt.studio.queries.calls import usage_of
from bluegpt.studio.queries.film_inputs import source_ref
from bluegpt.studio.queries.opened import open_text
from bluegpt.studio.types.media import FilmStep, FilmView, FilmWish


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a film is, and all that its next step needs. Texts are open: never log one.

    `ref` is the provider's name of the job, `source_ref` of the film that it changes or carries on.
    """

    creation_id: UUID
    call_id: UUID
    person_id: UUID
    step: FilmStep
    ref: str
    wish: FilmWish
    source_ref: str
    file_key: str
    faults: int
    usage: Usage
    dispatched_at: datetime | None
    deadline_at: datetime
    is_stop_asked: bool


def standing(creation_id: UUID) -> Standing | None:
    """Where a film is; None for one that was deleted."""
    job = FilmJob.objects.select_related("creation__call").filter(pk=creation_id).first()
    if job is None:
        return None
    creation, call = job.creation, _call(job)
    return Standing(
        creation_id=creation.id,
        call_id=call.id,
        person_id=creation.person_id,
        step=FilmStep(job.step),
        ref=_ref(job),
        wish=_wish(job, call),
        source_ref=source_ref(creation.source_id) if creation.source_id else "",
        file_key=job.file_key,
        faults=job.faults,
        usage=usage_of(call),
        dispatched_at=call.dispatched_at,
        deadline_at=job.deadline_at,
        is_stop_asked=call.stop_asked_at is not None,
    )


def _wish(job: FilmJob, call: Call) -> FilmWish:
    """What was asked for, opened."""
    creation, said = job.creation, job.creation.settings
    prompt = open_text(
        creation.prompt_sealed,
        person_id=creation.person_id,
        place="creation.prompt",
        row_id=creation.id,
    )
    return FilmWish(
        person_id=creation.person_id,
        model_key=call.model_key,
        text=prompt,
        seconds=said["seconds"],
        size=said["size"],
        with_sound=said["with_sound"],
        act=FilmAct(said["act"]),
        picture_id=UUID(creation.input_ids[0]) if creation.input_ids else None,
        source_id=creation.source_id,
        wants_mail=job.wants_mail,
    )


def begun(*, person_id: UUID, call_id: UUID) -> Call | None:
    """The call that an earlier request with the same key began."""
    return Call.objects.filter(id=call_id, person_id=person_id).first()


def views(*, person_id: UUID, creation_ids: Collection[UUID]) -> Mapping[UUID, FilmView]:
    """How these films of a person's stand, by their creation. One query."""
    jobs = FilmJob.objects.select_related("creation__call")
    mine = jobs.filter(creation__person_id=person_id, creation_id__in=creation_ids)
    return {job.creation_id: _view(job) for job in mine}


def standing_still(*, limit: int) -> list[UUID]:
    """Films that have not ended, oldest first: each should have a job that walks it."""
    jobs = FilmJob.objects.exclude(step=FilmStep.ENDED).order_by("creation_id")
    return list(jobs.values_list("creation_id", flat=True)[:limit])


def kept_too_long(*, before: datetime, limit: int) -> list[UUID]:
    """Creations that ended before an instant, of which a provider still holds something."""
    jobs = FilmJob.objects.filter(step=FilmStep.ENDED, creation__call__ended_at__lt=before)
    found = jobs.exclude(ref_sealed=b"").values_list("creation_id", flat=True)
    return list(found[:limit])


def _view(job: FilmJob) -> FilmView:
    creation = job.creation
    return FilmView(
        creation_id=creation.id,
        step=FilmStep(job.step),
        percent=job.percent,
        is_stop_asked=_call(job).stop_asked_at is not None,
        wants_mail=job.wants_mail,
        provider_code=job.provider_code,
        is_at_provider=bool(job.ref_sealed),
        begun_at=creation.created_at,
        deadline_at=job.deadline_at,
    )


def _call(job: FilmJob) -> Call:
    call = job.creation.call
    assert call is not None, "only what came back in an archive has none, and that has no job"
    return call


def _ref(job: FilmJob) -> str:
    return open_text(
        job.ref_sealed,
        person_id=job.creation.person_id,
        place="film_job.ref",
        row_id=job.creation_id,
    )
