"""What a film can be made from: a picture to begin with, a film to change or to carry on."""

from dataclasses import dataclass
from uuid import UUID

from bluegpt.providers.types.turns import ImagePart
from bluegpt.studio.errors import UnknownAsset
from bluegpt.studio.models import Asset, FilmJob
from bluegpt.studio.queries.assets import stored
from bluegpt.studio.queries.opened import open_text
from bluegpt.studio.types.media import Kind


def outlined_picture(*, person_id: UUID, asset_id: UUID) -> ImagePart:
    """A person's picture without its bytes: all that a price needs. Raises UnknownAsset."""
    view = stored(person_id=person_id, asset_id=asset_id).view
    if view.kind is not Kind.PICTURE:
        raise UnknownAsset
    return ImagePart(
        media_type=view.media_type, data=b"", width_px=view.width_px, height_px=view.height_px
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A film to change or to carry on: who made it, in which size, and how long it came."""

    model_key: str
    size: str
    seconds: int


def source(*, person_id: UUID, asset_id: UUID) -> Source:
    """A film of a person's that was made here. Raises UnknownAsset."""
    made = Asset.objects.filter(id=asset_id, person_id=person_id, kind=Kind.FILM)
    row = made.exclude(creation__call=None).select_related("creation__call").first()
    if row is None or row.creation is None or row.creation.call is None:
        raise UnknownAsset
    return Source(
        model_key=row.creation.call.model_key,
        size=str(row.creation.settings.get("size", "")),
        seconds=max(1, round(row.duration_ms / 1_000)),
    )


def source_ref(source_id: UUID) -> str:
    """The provider's name of the job that made a film; empty where it keeps nothing of it."""
    made = Asset.objects.filter(id=source_id).values("creation")
    job = FilmJob.objects.select_related("creation").filter(creation__in=made).first()
    if job is None:
        return ""
    return open_text(
        job.ref_sealed,
        person_id=job.creation.person_id,
        place="film_job.ref",
        row_id=job.creation_id,
    )
