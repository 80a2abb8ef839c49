"""Films that a provider holds for us, by the name that it gave them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from bluegpt.studio.models import Asset, FilmJob
from bluegpt.studio.queries.opened import open_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFilm:
    """One job at a provider. `faults` counts how often it could not be asked in a row."""

    creation_id: UUID
    model_key: str
    faults: int
    ref: str = field(repr=False)


def of_person(person_id: UUID) -> tuple[HeldFilm, ...]:
    """Everything that providers hold for somebody."""
    return _held(Q(), person_id)


def of_conversation(*, person_id: UUID, conversation_id: UUID) -> tuple[HeldFilm, ...]:
    """What was asked for in a conversation."""
    return _held(Q(creation__message__conversation_id=conversation_id), person_id)


def of_creation(*, person_id: UUID, creation_id: UUID) -> tuple[HeldFilm, ...]:
    """What was asked for by one wish."""
    return _held(Q(creation_id=creation_id), person_id)


def of_last_assets(*, person_id: UUID, asset_ids: Collection[UUID]) -> tuple[HeldFilm, ...]:
    """What was asked for by the wishes of which nothing is left without these assets."""
    leaving = Asset.objects.filter(id__in=asset_ids, person_id=person_id).values("creation_id")
    staying = Asset.objects.exclude(id__in=asset_ids).exclude(creation=None)
    return _held(
        Q(creation_id__in=leaving) & ~Q(creation_id__in=staying.values("creation_id")), person_id
    )


def _held(which: Q, person_id: UUID) -> tuple[HeldFilm, ...]:
    rows: QuerySet[FilmJob] = (
        FilmJob.objects.filter(which, creation__person_id=person_id)
        .exclude(ref_sealed=b"")
        .exclude(creation__call=None)
        .select_related("creation__call")
        .order_by("creation_id")
    )
    refs = open_texts(
        ((row.ref_sealed, row.creation_id) for row in rows),
        person_id=person_id,
        place="film_job.ref",
    )
    return tuple(
        HeldFilm(
            creation_id=row.creation_id,
            model_key=row.creation.call.model_key if row.creation.call else "",
            faults=row.faults,
            ref=ref,
        )
        for row, ref in zip(rows, refs, strict=True)
    )
