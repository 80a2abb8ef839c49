"""The gallery, from the newest: pages of it, one picture or film, albums, and the wishes behind.

The number of queries does not grow with a page. Words are looked for as messages are searched:
prompts and names are opened and looked at in bounded steps, and no index of them exists.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db.models import Count, QuerySet

from bluegpt.studio.errors import UnknownAlbum, UnknownAsset, UnknownCreation
from bluegpt.studio.models import Album, AlbumEntry, Asset, Creation, FilmJob
from bluegpt.studio.queries.assets import asset_view
from bluegpt.studio.queries.calls import view_of
from bluegpt.studio.queries.opened import open_text, open_texts
from bluegpt.studio.rules.excerpts import folded
from bluegpt.studio.types.media import (
    AlbumView,
    AssetView,
    CreationView,
    GalleryFilter,
    GalleryPage,
    Kind,
)

Row = TypeVar("Row")

PAGE_ASSETS = 60
WORDS_CHARS_MAX = 200
# What one request looks through at most; the page offers to go on from there.
SCAN_ASSETS_MAX = 20_000
_BATCH_ASSETS = 1_000


def page(
    *, person_id: UUID, wanted: GalleryFilter, cursor: str = "", limit: int = PAGE_ASSETS
) -> GalleryPage:
    """Assets that are wanted, newest first. A cursor that we did not make starts anew.

    With words, a `next_cursor` says that there is more to look through, even when a page holds
    few. Raises UnknownAlbum.
    """
    if wanted.album_id is not None:
        own_album(person_id, wanted.album_id)
    rows = _wanted(person_id, wanted)
    words = _looked_for(wanted.words)
    if words:
        return _found(rows, words, person_id=person_id, cursor=cursor, limit=limit)
    some = list(_after(rows, cursor)[: limit + 1])
    more = len(some) > limit
    some = some[:limit]
    return GalleryPage(assets=_views(some, person_id), next_cursor=str(some[-1].id) if more else "")


def asset(*, person_id: UUID, asset_id: UUID) -> AssetView:
    """One picture or film. Raises UnknownAsset."""
    return _views([own_asset(person_id, asset_id)], person_id)[0]


def own_asset(person_id: UUID, asset_id: UUID) -> Asset:
    """The row, when it is this person's. Raises UnknownAsset."""
    row = Asset.objects.filter(id=asset_id, person_id=person_id).first()
    if row is None:
        raise UnknownAsset
    return row


def creation(*, person_id: UUID, creation_id: UUID) -> CreationView:
    """One wish and what came of it. Raises UnknownCreation."""
    mine = Creation.objects.filter(id=creation_id, person_id=person_id)
    return _only(_creation_views(mine, person_id))


def creation_of_call(*, person_id: UUID, call_id: UUID) -> CreationView:
    """The wish that a call fulfils. Raises UnknownCreation."""
    mine = Creation.objects.filter(call_id=call_id, person_id=person_id)
    return _only(_creation_views(mine, person_id))


def creations(*, person_id: UUID, kind: Kind, limit: int) -> tuple[CreationView, ...]:
    """The latest wishes, newest first."""
    mine = Creation.objects.filter(person_id=person_id, kind=kind).order_by("-id")
    return _creation_views(mine[:limit], person_id)


def creations_in(*, person_id: UUID, message_ids: Collection[UUID]) -> dict[UUID, CreationView]:
    """The wishes that answers of a conversation show, by the answer."""
    mine = Creation.objects.filter(person_id=person_id, message_id__in=message_ids)
    rows = list(mine.select_related("call"))
    views = _creation_views(rows, person_id)
    return {row.message_id: view for row, view in zip(rows, views, strict=True) if row.message_id}


def albums(*, person_id: UUID) -> tuple[AlbumView, ...]:
    """Every album, newest first."""
    mine = Album.objects.filter(person_id=person_id).order_by("-id")
    return _album_views(mine, person_id)


def album(*, person_id: UUID, album_id: UUID) -> AlbumView:
    """One album. Raises UnknownAlbum."""
    found = _album_views(Album.objects.filter(id=album_id, person_id=person_id), person_id)
    if not found:
        raise UnknownAlbum
    return found[0]


def albums_of(*, person_id: UUID, asset_id: UUID) -> frozenset[UUID]:
    """The albums that an asset is in."""
    entries = AlbumEntry.objects.filter(asset_id=asset_id, album__person_id=person_id)
    return frozenset(entries.values_list("album_id", flat=True))


def own_album(person_id: UUID, album_id: UUID) -> Album:
    """The row, when it is this person's. Raises UnknownAlbum."""
    row = Album.objects.filter(id=album_id, person_id=person_id).first()
    if row is None:
        raise UnknownAlbum
    return row


def _wanted(person_id: UUID, wanted: GalleryFilter) -> QuerySet[Asset]:
    rows = Asset.objects.filter(person_id=person_id).order_by("-id")
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind)
    if wanted.origin is not None:
        rows = rows.filter(origin=wanted.origin)
    if wanted.is_favourite:
        rows = rows.exclude(favourite_at=None)
    if wanted.album_id is not None:
        in_album = AlbumEntry.objects.filter(album_id=wanted.album_id)
        rows = rows.filter(id__in=in_album.values("asset_id"))
    if wanted.model_key:
        rows = rows.filter(creation__call__model_key=wanted.model_key)
    return rows


def _after(rows: "QuerySet[Asset, Row]", cursor: str) -> "QuerySet[Asset, Row]":
    try:
        return rows.filter(id__lt=UUID(cursor))
    except ValueError:
        return rows


def _looked_for(words: str) -> str:
    return folded(unicodedata.normalize("NFC", words.strip()[:WORDS_CHARS_MAX]))


def _found(
    rows: QuerySet[Asset], words: str, *, person_id: UUID, cursor: str, limit: int
) -> GalleryPage:
    ids: list[UUID] = []
    last = next_cursor = ""
    for scanned, (asset_id, is_hit) in enumerate(_looked_at(rows, words, person_id, cursor)):
        if len(ids) == limit or scanned == SCAN_ASSETS_MAX:
            next_cursor = last
            break
        last = str(asset_id)
        if is_hit:
            ids.append(asset_id)
    found = Asset.objects.filter(id__in=ids).order_by("-id")
    return GalleryPage(assets=_views(list(found), person_id), next_cursor=next_cursor)


def _looked_at(
    rows: QuerySet[Asset], words: str, person_id: UUID, cursor: str
) -> Iterator[tuple[UUID, bool]]:
    """Each asset from the cursor on, and whether its prompt or its name has the words."""
    hits: dict[UUID, bool] = {}  # by wish; several pictures have one
    slim: QuerySet[Asset, Any] = rows.values_list("id", "creation_id", "name_sealed")
    while batch := list(_after(slim, cursor)[:_BATCH_ASSETS]):
        new = {wish for _id, wish, _name in batch if wish} - hits.keys()
        hits |= _hits(new, words, person_id)
        names = open_texts(
            ((name, asset_id) for asset_id, _wish, name in batch),
            person_id=person_id,
            place="asset.name",
        )
        for (asset_id, wish, _name), name in zip(batch, names, strict=True):
            is_wished = wish is not None and hits.get(wish, False)
            yield asset_id, is_wished or _has(name, words)
        cursor = str(batch[-1][0])


def _hits(creation_ids: Collection[UUID], words: str, person_id: UUID) -> dict[UUID, bool]:
    rows = Creation.objects.filter(id__in=creation_ids).values_list("prompt_sealed", "id")
    pairs = list(rows)
    prompts = open_texts(pairs, person_id=person_id, place="creation.prompt")
    return {
        row_id: _has(prompt, words)
        for (_sealed, row_id), prompt in zip(pairs, prompts, strict=True)
    }


def _has(text: str, words: str) -> bool:
    return bool(text) and words in folded(unicodedata.normalize("NFC", text))


def _only(views: tuple[CreationView, ...]) -> CreationView:
    if not views:
        raise UnknownCreation
    return views[0]


def _creation_views(
    wished: QuerySet[Creation] | Sequence[Creation], person_id: UUID
) -> tuple[CreationView, ...]:
    rows = list(wished.select_related("call") if isinstance(wished, QuerySet) else wished)
    made = _made(rows, person_id)
    percents = dict(FilmJob.objects.filter(creation__in=rows).values_list("creation_id", "percent"))
    there = _still_there(rows, person_id)
    prompts = _prompts(rows, person_id)
    return tuple(
        _creation_view(row, prompt, made[row.id], percents.get(row.id), there)
        for row, prompt in zip(rows, prompts, strict=True)
    )


def _creation_view(
    row: Creation,
    prompt: str,
    assets: Iterable[AssetView],
    percent: int | None,
    there: Collection[UUID],
) -> CreationView:
    made_by = came_with(row)
    call = row.call
    return CreationView(
        id=row.id,
        kind=Kind(row.kind),
        prompt=prompt,
        settings=row.settings,
        model_key=call.model_key if call else made_by.get("model_key", ""),
        model_name=call.model_name if call else made_by.get("model", ""),
        call=view_of(call) if call else None,
        assets=tuple(assets),
        input_ids=tuple(each for each in map(UUID, row.input_ids) if each in there),
        source_id=row.source_id,
        percent=percent,
        created_at=row.created_at,
    )


def came_with(row: Creation) -> Mapping[str, str]:
    """Who made what came back in an archive, as that said; nothing for what was made here."""
    told = open_text(
        row.made_by_sealed, person_id=row.person_id, place="creation.made_by", row_id=row.id
    )
    return orjson.loads(told) if told else {}


def _made(rows: Sequence[Creation], person_id: UUID) -> Mapping[UUID, list[AssetView]]:
    assets = list(Asset.objects.filter(creation__in=rows).order_by("place", "id"))
    made: defaultdict[UUID, list[AssetView]] = defaultdict(list)
    for view in _views(assets, person_id):
        if view.creation_id is not None:
            made[view.creation_id].append(view)
    return made


def _still_there(rows: Sequence[Creation], person_id: UUID) -> frozenset[UUID]:
    """Those of all inputs that were not deleted since."""
    inputs = {each for row in rows for each in row.input_ids}
    if not inputs:
        return frozenset()
    there = Asset.objects.filter(id__in=inputs, person_id=person_id)
    return frozenset(there.values_list("id", flat=True))


def _views(rows: Sequence[Asset], person_id: UUID) -> tuple[AssetView, ...]:
    return tuple(
        asset_view(row, name) for row, name in zip(rows, _names(rows, person_id), strict=True)
    )


def _names(rows: Sequence[Asset], person_id: UUID) -> Iterator[str]:
    pairs = ((row.name_sealed, row.id) for row in rows)
    return open_texts(pairs, person_id=person_id, place="asset.name")


def _prompts(rows: Iterable[Creation], person_id: UUID) -> Iterator[str]:
    pairs = ((row.prompt_sealed, row.id) for row in rows)
    return open_texts(pairs, person_id=person_id, place="creation.prompt")


def _album_views(rows: QuerySet[Album], person_id: UUID) -> tuple[AlbumView, ...]:
    counted = list(rows)
    counts = dict(
        AlbumEntry.objects.filter(album__in=counted)
        .values_list("album_id")
        .annotate(Count("id"))
        .order_by()
    )
    names = open_texts(
        ((row.name_sealed, row.id) for row in counted), person_id=person_id, place="album.name"
    )
    return tuple(
        AlbumView(id=row.id, name=name, count=counts.get(row.id, 0))
        for row, name in zip(counted, names, strict=True)
    )
