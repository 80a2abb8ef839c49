"""What people do with their pictures and films.

Each raises UseRestricted while the person has frozen their data. What is deleted is noted first,
so that a restored backup does not bring it back; files follow by a job that cannot be lost.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from bluegpt.core import clock
from bluegpt.core.erasures import ends
from bluegpt.core.ids import new_id
from bluegpt.core.writing import write, written
from bluegpt.privacy.queries.standing import check_not_restricted
from bluegpt.studio.errors import (
    AlbumWithoutName,
    StillBeingMade,
    TooManyAlbums,
    UnknownAlbum,
    UnknownAsset,
    UnknownCreation,
)
from bluegpt.studio.models import Album, AlbumEntry, Asset, Creation
from bluegpt.studio.queries.asset_files import keys_of_assets, keys_of_creations
from bluegpt.studio.queries.gallery import own_album
from bluegpt.studio.services.conversations import delete_files_soon
from bluegpt.studio.services.sealing import seal_text
from bluegpt.studio.types.calls import CallState
from bluegpt.vault.services import erasures

ALBUMS_MAX = 500
ALBUM_NAME_CHARS_MAX = 100
# Of the journal of erasures.
ASSET = "studio.asset"
CREATION = "studio.creation"
ALBUM = "studio.album"


@written
def set_favourite(*, person_id: UUID, asset_id: UUID, is_favourite: bool) -> None:
    """Mark an asset as a favourite, or no longer. Raises UnknownAsset."""
    check_not_restricted(person_id)
    favourite_at = clock.now() if is_favourite else None
    if not _mine(person_id, [asset_id]).update(favourite_at=favourite_at):
        raise UnknownAsset


def delete_assets(*, person_id: UUID, asset_ids: Collection[UUID]) -> None:
    """Delete them, out of albums too; a wish goes with the last of what came of it.

    Works that were made from one stay. Raises UnknownAsset when one is not theirs; then all stay.
    """
    check_not_restricted(person_id)
    check_mine(person_id, asset_ids)
    erasures.erase_each(ASSET, sorted(set(asset_ids)))


def delete_creation(*, person_id: UUID, creation_id: UUID) -> None:
    """Delete a wish and all that came of it. What was paid stays in the books.

    Raises UnknownCreation, and StillBeingMade until its call has ended.
    """
    check_deletable(person_id=person_id, creation_id=creation_id)
    erasures.erase(CREATION, creation_id)


def check_deletable(*, person_id: UUID, creation_id: UUID) -> None:
    """Raise what `delete_creation` would raise."""
    check_not_restricted(person_id)
    row = Creation.objects.filter(id=creation_id, person_id=person_id)
    found = row.select_related("call").first()
    if found is None:
        raise UnknownCreation
    if found.call is not None and found.call.state == CallState.LIVE:
        raise StillBeingMade


def create_album(*, person_id: UUID, name: str) -> UUID:
    """A new, empty album; its id. Raises AlbumWithoutName, TooManyAlbums."""
    album_id = new_id()
    sealed = _sealed_name(person_id, album_id, name)

    def act() -> None:
        check_not_restricted(person_id)
        if Album.objects.filter(person_id=person_id).count() >= ALBUMS_MAX:
            raise TooManyAlbums(albums_max=ALBUMS_MAX)
        Album.objects.create(
            id=album_id, person_id=person_id, name_sealed=sealed, created_at=clock.now()
        )

    write(act)
    return album_id


def rename_album(*, person_id: UUID, album_id: UUID, name: str) -> None:
    """Call it something else. Raises UnknownAlbum, AlbumWithoutName."""
    sealed = _sealed_name(person_id, album_id, name)

    def act() -> None:
        check_not_restricted(person_id)
        mine = Album.objects.filter(id=album_id, person_id=person_id)
        if not mine.update(name_sealed=sealed):
            raise UnknownAlbum

    write(act)


def delete_album(*, person_id: UUID, album_id: UUID) -> None:
    """Delete the album; what is in it stays. Raises UnknownAlbum."""
    check_not_restricted(person_id)
    own_album(person_id, album_id)
    erasures.erase(ALBUM, album_id)


@written
def put_in_album(*, person_id: UUID, album_id: UUID, asset_ids: Collection[UUID]) -> None:
    """Put assets into an album; those that are in it stay. Raises UnknownAlbum, UnknownAsset."""
    check_not_restricted(person_id)
    own_album(person_id, album_id)
    check_mine(person_id, asset_ids)
    now = clock.now()
    AlbumEntry.objects.bulk_create(
        [
            AlbumEntry(id=new_id(), album_id=album_id, asset_id=each, added_at=now)
            for each in asset_ids
        ],
        ignore_conflicts=True,
    )


@written
def take_out_of_album(*, person_id: UUID, album_id: UUID, asset_ids: Collection[UUID]) -> None:
    """Take assets out of an album; they stay in the gallery. Raises UnknownAlbum."""
    check_not_restricted(person_id)
    own_album(person_id, album_id)
    AlbumEntry.objects.filter(album_id=album_id, asset_id__in=asset_ids).delete()


@ends(ASSET)
def _end_asset(subject: str) -> None:
    row = Asset.objects.filter(id=subject)
    file_keys = keys_of_assets(row)
    creation_ids = list(row.exclude(creation=None).values_list("creation_id", flat=True))
    row.delete()
    delete_files_soon(file_keys)
    for creation_id in creation_ids:
        if not Asset.objects.filter(creation_id=creation_id).exists():
            live = Creation.objects.filter(id=creation_id, call__state=CallState.LIVE)
            if not live.exists():
                _end_creation(str(creation_id))


@ends(CREATION)
def _end_creation(subject: str) -> None:
    row = Creation.objects.filter(id=subject)
    file_keys = keys_of_creations(row)
    row.delete()
    delete_files_soon(file_keys)


@ends(ALBUM)
def _end_album(subject: str) -> None:
    Album.objects.filter(id=subject).delete()


def _mine(person_id: UUID, asset_ids: Collection[UUID]) -> QuerySet[Asset]:
    return Asset.objects.filter(id__in=asset_ids, person_id=person_id)


def check_mine(person_id: UUID, asset_ids: Collection[UUID]) -> None:
    """Raise UnknownAsset unless all of these are this person's, and there is one at least."""
    wanted = set(asset_ids)
    if not wanted or _mine(person_id, wanted).count() != len(wanted):
        raise UnknownAsset


def _sealed_name(person_id: UUID, album_id: UUID, name: str) -> bytes:
    plain = " ".join(name.split())[:ALBUM_NAME_CHARS_MAX]
    if not plain:
        raise AlbumWithoutName
    return seal_text(plain, person_id=person_id, place="album.name", row_id=album_id)
