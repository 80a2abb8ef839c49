"""Pictures and films that come back in an archive: byte for byte, under new keys and ids.

Thumbnails and first frames are made again. A wish comes back with who made it, and without a call:
what it cost stands in the books of another account. Rows come before their files, so that no file
is nameless, and a run that was cut off finds its own.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Final
from uuid import UUID

import orjson
from asgiref.sync import async_to_sync

from bluegpt.core.personal_data import DataClass
from bluegpt.core.portable import Incoming
from bluegpt.privacy.errors.archives import ArchiveBroken
from bluegpt.studio.adapters.decoding import PIXELS_MAX, NotAPicture, opened
from bluegpt.studio.adapters.previews import UnreadableFilm, film_facts, thumbnail
from bluegpt.studio.models import Album, AlbumEntry, Asset, Creation
from bluegpt.studio.queries.opened import context
from bluegpt.studio.rules.wish_settings import believable
from bluegpt.studio.services.returning import Values, at, batches, maybe_at, sealed, written
from bluegpt.studio.types.media import Kind, Origin
from bluegpt.vault.services import files, streams
from bluegpt.vault.services.streams import Place

FILM: Final = "video/mp4"
_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_PLACE_MAX = 1_000
_FILM_HEAD_BYTES = 12


def is_empty(person_id: UUID) -> bool:
    """Whether the person has no picture, film, wish or album here."""
    return not any(
        model._default_manager.filter(person_id=person_id).exists()
        for model in (Asset, Creation, Album)
    )


def check(incoming: Incoming) -> None:
    """Whether every file is there, and what it is said to be. Raises ArchiveBroken.

    A film is known by its beginning here; one that cannot be played comes back as it is. Pointers
    may lead to nothing: what they meant was deleted, or made, while the archive was written.
    """
    for values in incoming.records("creations"):
        terms = (values["made_by"] or {}).get("terms_url", "")
        if terms and not terms.startswith("https://"):
            raise ArchiveBroken
        at(values["created_at"])
    for values in incoming.records("assets"):
        if not 0 <= values["place"] < _PLACE_MAX or (values["media_type"] == FILM) != (
            values["kind"] == Kind.FILM
        ):
            raise ArchiveBroken
        at(values["created_at"])
        maybe_at(values["favourite_at"])
        _check_file(incoming, values)
    for values in incoming.records("albums"):
        at(values["created_at"])
    for values in incoming.records("album_entries"):
        at(values["added_at"])


def take_in(incoming: Incoming) -> Mapping[str, int]:
    """Write what was checked; repeatable. Returns how many there are of each kind."""
    counts = {"creations": written(incoming, "creations", _creation)}
    counts["assets"] = sum(_take_in_asset(incoming, each) for each in incoming.records("assets"))
    _point_at_sources(incoming)
    counts["albums"] = written(incoming, "albums", _album)
    counts["album_entries"] = written(incoming, "album_entries", _entry)
    return counts


def _creation(incoming: Incoming, values: Values) -> Creation:
    row_id = incoming.new_id("creations", values["id"])
    told = orjson.dumps({**(values["made_by"] or {}), "model_key": values["model_key"]}).decode()
    return Creation(
        id=row_id,
        person_id=incoming.person_id,
        message_id=_there(incoming, "messages", values["message_id"]),
        kind=Kind(values["kind"]),
        prompt_sealed=sealed(incoming, values["prompt"], "creation.prompt", row_id),
        made_by_sealed=sealed(incoming, told, "creation.made_by", row_id),
        settings=believable(
            Kind(values["kind"]), ((each["name"], each["value"]) for each in values["settings"])
        ),
        input_ids=[
            str(asset_id)
            for old_id in values["input_ids"]
            if (asset_id := _there(incoming, "assets", old_id))
        ],
        created_at=at(values["created_at"]),
    )


def _point_at_sources(incoming: Incoming) -> None:
    """Wishes come before films, so what they work on is said last."""
    named = (each for each in incoming.records("creations") if each["source_id"] is not None)
    for some in batches(named):
        pairs = [
            (
                incoming.new_id("creations", each["id"]),
                _there(incoming, "assets", each["source_id"]),
            )
            for each in some
        ]

        def act(pairs: Sequence[tuple[UUID, UUID | None]] = pairs) -> None:
            for creation_id, source_id in pairs:
                if source_id and Asset.objects.filter(id=source_id).exists():
                    Creation.objects.filter(id=creation_id).update(source_id=source_id)

        incoming.write(act)


def _take_in_asset(incoming: Incoming, values: Values) -> int:
    row = _asset(incoming, values)

    def act() -> None:
        Asset.objects.bulk_create([row], ignore_conflicts=True)

    incoming.write(act)
    _put(row, "file", row.file_key, incoming.media_chunks(values["file"]))
    if row.kind == Kind.FILM:
        _look_at_film(row)
    else:
        small = thumbnail(incoming.media(values["file"]))
        _put(row, "thumbnail", row.thumbnail_key, iter((small,)))
    if not Asset.objects.filter(id=row.id).exists():  # deleted meanwhile
        for part in ("file", "thumbnail", "poster"):
            async_to_sync(files.delete)(_key(row.id, part))
    return 1


def _asset(incoming: Incoming, values: Values) -> Asset:
    row_id = incoming.new_id("assets", values["id"])
    is_film = values["kind"] == Kind.FILM
    width, height = (0, 0) if is_film else _sides(incoming, values)
    return Asset(
        id=row_id,
        person_id=incoming.person_id,
        creation_id=_there(incoming, "creations", values["creation_id"]),
        kind=Kind(values["kind"]),
        origin=Origin(values["origin"]),
        place=values["place"],
        name_sealed=sealed(incoming, values["name"], "asset.name", row_id),
        media_type=values["media_type"],
        size_bytes=sum(len(chunk) for chunk in incoming.media_chunks(values["file"])),
        width_px=width,
        height_px=height,
        file_key=_key(row_id, "file"),
        thumbnail_key="" if is_film else _key(row_id, "thumbnail"),
        favourite_at=maybe_at(values["favourite_at"]),
        created_at=at(values["created_at"]),
    )


def _look_at_film(row: Asset) -> None:
    """What a player has to know, and the first frame; nothing of a film that cannot be read."""
    read = partial(_read, row)
    try:
        facts = async_to_sync(film_facts)(read, size_bytes=row.size_bytes)
    except UnreadableFilm:
        return
    _put(row, "poster", _key(row.id, "poster"), iter((facts.poster,)))
    _put(row, "thumbnail", _key(row.id, "thumbnail"), iter((facts.thumbnail,)))
    Asset.objects.filter(id=row.id).update(
        width_px=facts.width_px,
        height_px=facts.height_px,
        duration_ms=facts.duration_ms,
        has_sound=facts.has_sound,
        poster_key=_key(row.id, "poster"),
        thumbnail_key=_key(row.id, "thumbnail"),
    )


def _read(row: Asset, start: int, stop: int) -> AsyncIterator[bytes]:
    return streams.read(row.file_key, place=_place(row, "file"), start=start, stop=stop)


def _put(row: Asset, part: str, key: str, chunks: Iterator[bytes]) -> None:
    """Seal and store a part, unless an earlier run has."""
    if async_to_sync(files.exists)(key):
        return

    async def as_they_come() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def put_all() -> None:
        await streams.put(as_they_come(), place=_place(row, part), key=key)

    async_to_sync(put_all)()


def _check_file(incoming: Incoming, values: Values) -> None:
    if values["kind"] == Kind.PICTURE:
        _sides(incoming, values)
        return
    chunks = incoming.media_chunks(values["file"])
    head = b"".join(islice(chunks, 1))[:_FILM_HEAD_BYTES]
    if head[4:8] != b"ftyp":
        raise ArchiveBroken


def _sides(incoming: Incoming, values: Values) -> tuple[int, int]:
    """Width and height. Raises ArchiveBroken for bytes that are not what the record says."""
    data = incoming.media(values["file"])
    try:
        with opened(data, formats=tuple(_PICTURES), pixels_max=PIXELS_MAX) as picture:
            if _PICTURES[str(picture.format)] != values["media_type"]:
                raise ArchiveBroken
            picture.load()  # a picture that breaks off is none
            return picture.width, picture.height
    except NotAPicture:
        raise ArchiveBroken from None


def _album(incoming: Incoming, values: Values) -> Album:
    row_id = incoming.new_id("albums", values["id"])
    return Album(
        id=row_id,
        person_id=incoming.person_id,
        name_sealed=sealed(incoming, values["name"], "album.name", row_id),
        created_at=at(values["created_at"]),
    )


def _entry(incoming: Incoming, values: Values) -> AlbumEntry | None:
    album_id = _there(incoming, "albums", values["album_id"])
    asset_id = _there(incoming, "assets", values["asset_id"])
    if album_id is None or asset_id is None:
        return None
    return AlbumEntry(
        id=incoming.new_id("album_entries", values["id"]),
        album_id=album_id,
        asset_id=asset_id,
        added_at=at(values["added_at"]),
    )


def _there(incoming: Incoming, kind: str, old_id: str | None) -> UUID | None:
    """What a record is called here; None where a pointer leads nowhere."""
    try:
        return None if old_id is None else incoming.new_id(kind, old_id)
    except ArchiveBroken:
        return None


def _place(row: Asset, part: str) -> Place:
    return Place(
        person_id=row.person_id,
        data_class=DataClass.CONTENT,
        context=context(f"asset.{part}", row.id),
    )


def _key(row_id: UUID, part: str) -> str:
    """The same for each run."""
    name = sha256(f"studio.asset.{part}".encode() + row_id.bytes).hexdigest()[:48]
    return f"{name[:2]}/{name[2:]}"
