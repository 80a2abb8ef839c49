"""A person's gallery without a model: rows and sealed files as a finished wish leaves them."""

from datetime import timedelta
from uuid import UUID

from asgiref.sync import async_to_sync

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.studio.models import Asset, Call, Creation, FilmJob
from bluegpt.studio.queries.opened import context
from bluegpt.studio.services.sealing import seal_text
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import FilmStep, Kind, Origin
from bluegpt.vault.services import files


def call(person_id: UUID, *, state: CallState = CallState.COMPLETE, model: str = "painter") -> Call:
    """A paid call of the sandbox's."""
    now = clock.now()
    return Call.objects.create(
        id=new_id(),
        person_id=person_id,
        state=state,
        model_key=f"sandbox/{model}",
        model_name=model.capitalize(),
        recipient="sandbox",
        sku=f"sandbox/{model}",
        ceiling_microcredits=10,
        created_at=now,
        dispatched_at=now,
        lease_until=now + timedelta(hours=1),
    )


def wish(
    person_id: UUID,
    prompt: str,
    *,
    kind: Kind = Kind.PICTURE,
    state: CallState = CallState.COMPLETE,
    model: str = "painter",
    inputs: tuple[UUID, ...] = (),
) -> Creation:
    """What somebody asked for, before anything came of it."""
    row_id = new_id()
    return Creation.objects.create(
        id=row_id,
        person_id=person_id,
        call=call(person_id, state=state, model=model),
        kind=kind,
        prompt_sealed=seal_text(
            prompt, person_id=person_id, place="creation.prompt", row_id=row_id
        ),
        settings={"size": "1024x1024"},
        input_ids=[str(each) for each in inputs],
        created_at=clock.now(),
    )


def film_job(creation: Creation, *, ref: str = "", step: FilmStep = FilmStep.ENDED) -> FilmJob:
    """Where the film of a wish is, and what its provider calls it."""
    return FilmJob.objects.create(
        creation=creation,
        step=step,
        ref_sealed=seal_text(
            ref, person_id=creation.person_id, place="film_job.ref", row_id=creation.id
        ),
        deadline_at=clock.now(),
    )


def asset(
    person_id: UUID,
    *,
    creation: Creation | None = None,
    name: str = "",
    data: bytes = b"the picture",
    media_type: str = "image/png",
    place: int = 0,
) -> Asset:
    """A picture or film with its files; one without a wish was given."""
    row_id = new_id()
    kind = Kind.FILM if media_type.startswith("video/") else Kind.PICTURE

    def stored(part: str, content: bytes) -> str:
        return async_to_sync(files.put)(
            content,
            person_id=person_id,
            data_class=DataClass.CONTENT,
            context=context(f"asset.{part}", row_id),
        )

    return Asset.objects.create(
        id=row_id,
        person_id=person_id,
        creation=creation,
        kind=kind,
        origin=Origin.MADE if creation else Origin.GIVEN,
        place=place,
        name_sealed=seal_text(name, person_id=person_id, place="asset.name", row_id=row_id),
        media_type=media_type,
        size_bytes=len(data),
        width_px=8,
        height_px=6,
        duration_ms=1_000 if kind is Kind.FILM else 0,
        has_sound=kind is Kind.FILM,
        file_key=stored("file", data),
        thumbnail_key=stored("thumbnail", b"small"),
        poster_key=stored("poster", b"first frame") if kind is Kind.FILM else "",
        created_at=clock.now(),
    )


def file_keys(*assets: Asset) -> list[str]:
    """Every file that these assets have."""
    return [
        key for row in assets for key in (row.file_key, row.thumbnail_key, row.poster_key) if key
    ]


def are_gone(keys: list[str]) -> bool:
    """Whether the store has none of these."""
    return not any(async_to_sync(files.exists)(key) for key in keys)
