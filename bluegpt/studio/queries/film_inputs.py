"""What a film can be made from: a picture to begin with, a film to change or to carry on."""

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


def source_model(*, person_id: UUID, asset_id: UUID) -> str:
    """The key of the model that made a person's film. Raises UnknownAsset."""
    made = Asset.objects.filter(id=asset_id, person_id=person_id, kind=Kind.FILM)
    key = made.values_list("creation__call__model_key", flat=True).first()
    if key is None:
        raise UnknownAsset
    return str(key)


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
