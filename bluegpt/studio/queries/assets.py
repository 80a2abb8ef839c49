"""One picture or film: as its owner sees it, and where its sealed files lie."""

from dataclasses import dataclass
from uuid import UUID

from bluegpt.studio.errors import UnknownAsset
from bluegpt.studio.models import Asset
from bluegpt.studio.queries.opened import open_text
from bluegpt.studio.types.media import AssetView, Kind, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAsset:
    """An asset and the keys of its files; empty for those that it does not have."""

    view: AssetView
    file_key: str
    thumbnail_key: str
    poster_key: str


def stored(*, person_id: UUID, asset_id: UUID) -> StoredAsset:
    """An asset of this person's. Raises UnknownAsset."""
    row = Asset.objects.filter(id=asset_id, person_id=person_id).first()
    if row is None:
        raise UnknownAsset
    name = open_text(row.name_sealed, person_id=person_id, place="asset.name", row_id=row.id)
    return StoredAsset(
        view=asset_view(row, name),
        file_key=row.file_key,
        thumbnail_key=row.thumbnail_key,
        poster_key=row.poster_key,
    )


def asset_view(row: Asset, name: str) -> AssetView:
    """A row at hand as its owner sees it; `name` is the opened one."""
    return AssetView(
        id=row.id,
        creation_id=row.creation_id,
        kind=Kind(row.kind),
        origin=Origin(row.origin),
        place=row.place,
        name=name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        width_px=row.width_px,
        height_px=row.height_px,
        duration_ms=row.duration_ms,
        has_sound=row.has_sound,
        has_thumbnail=bool(row.thumbnail_key),
        has_poster=bool(row.poster_key),
        is_favourite=row.favourite_at is not None,
        created_at=row.created_at,
    )
