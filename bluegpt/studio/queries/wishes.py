"""Wishes made of what is there: the same once more, and variations of a picture."""

from uuid import UUID

from django.utils.translation import gettext as _

from bluegpt.providers.types.pictures import AUTO, PictureFormat
from bluegpt.studio.errors import UnknownAsset, UnknownCreation
from bluegpt.studio.queries import gallery
from bluegpt.studio.types.media import CreationView, Kind, PictureWish


def wish_of(*, person_id: UUID, creation_id: UUID) -> PictureWish:
    """The wish behind pictures, to be sent again with the same settings or with others.

    Without its mask, which is not kept, and without inputs that were deleted since. Raises
    UnknownCreation, also for a film.
    """
    creation = gallery.creation(person_id=person_id, creation_id=creation_id)
    if creation.kind is not Kind.PICTURE:
        raise UnknownCreation
    return PictureWish(
        person_id=person_id,
        model_key=creation.model_key,
        text=creation.prompt,
        number=int(creation.settings.get("number", 1)),
        size=str(creation.settings.get("size", AUTO)),
        quality=str(creation.settings.get("quality", AUTO)),
        background=str(creation.settings.get("background", AUTO)),
        format=PictureFormat(str(creation.settings.get("format", "png"))),
        style=str(creation.settings.get("style", "")),
        seed=_seed(creation),
        input_ids=creation.input_ids,
    )


def variation_of(*, person_id: UUID, asset_id: UUID, model_key: str) -> PictureWish:
    """A wish for another picture like this one, of a model that works from pictures.

    The words are an instruction like any other: the person sees them, and may change them. Raises
    UnknownAsset, also for a film.
    """
    asset = gallery.asset(person_id=person_id, asset_id=asset_id)
    if asset.kind is not Kind.PICTURE:
        raise UnknownAsset
    return PictureWish(
        person_id=person_id,
        model_key=model_key,
        text=_("Make a variation of this picture: same subject, same style, another composition."),
        number=1,
        size=AUTO,
        quality=AUTO,
        background=AUTO,
        format=PictureFormat.PNG,
        input_ids=(asset_id,),
    )


def _seed(creation: CreationView) -> int | None:
    seed = creation.settings.get("seed")
    return None if seed is None else int(seed)
