"""Pictures and films as an archive has them: to be looked at, and to be taken elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext

from bluegpt.core.personal_data import DataClass
from bluegpt.core.portable import Page, PageFile, Part, PortableFile, Record, media_path
from bluegpt.privacy.queries.manifest import recipients
from bluegpt.privacy.types.clearances import Recipient
from bluegpt.studio.models import Album, AlbumEntry, Asset, Creation
from bluegpt.studio.queries.archived import batches, made_by, notes
from bluegpt.studio.queries.gallery import came_with
from bluegpt.studio.queries.opened import context, open_texts
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import Kind, Origin


def pages(person_id: UUID) -> Iterator[Page]:
    """A page per month of wishes with what came of them, one of what was given, and the albums."""
    wished = Creation.objects.filter(person_id=person_id)
    months = list(wished.datetimes("created_at", "month", tzinfo=UTC))
    for number, month in enumerate(months):
        mine = wished.filter(created_at__gte=month)
        if number + 1 < len(months):
            mine = mine.filter(created_at__lt=months[number + 1])
        yield Page(
            key=f"{month:%Y-%m}",
            title=capfirst(date_format(month, "YEAR_MONTH_FORMAT")),
            at=mine.order_by("created_at").values_list("created_at", flat=True)[0],
            preface="",
            parts=lambda mine=mine: _wishes(mine, person_id),  # type: ignore[misc]
        )
    yield from _given_page(person_id)
    for row, name in zip(*_albums(person_id), strict=True):
        yield Page(
            key=f"album-{row.id}",
            title=name,
            at=row.created_at,
            preface="",
            parts=lambda row=row: _entries_shown(row, person_id),  # type: ignore[misc]
        )


def records(kind: str, person_id: UUID) -> Iterator[Record]:
    """The records of one kind: "creations", "assets", "albums" or "album_entries"."""
    makers: Mapping[str, Callable[[UUID], Iterator[Record]]] = {
        "creations": _creation_records,
        "assets": _asset_records,
        "albums": _album_records,
        "album_entries": _entry_records,
    }
    return makers[kind](person_id)


def _creation_records(person_id: UUID) -> Iterator[Record]:
    """Wishes that have ended: nobody can take elsewhere what is still being made here."""
    companies = {facts.key: facts for facts in recipients()}
    ended = Creation.objects.filter(person_id=person_id).exclude(call__state=CallState.LIVE)
    for rows in batches(ended.select_related("call")):
        for row, prompt in zip(rows, _prompts(rows, person_id), strict=True):
            model_key, maker = _maker(row, companies)
            yield Record(
                values={
                    "id": row.id,
                    "message_id": row.message_id,
                    "source_id": row.source_id,
                    "kind": row.kind,
                    "prompt": prompt,
                    "settings": [
                        {"name": name, "value": value} for name, value in row.settings.items()
                    ],
                    "input_ids": row.input_ids,
                    "model_key": model_key,
                    "made_by": maker,
                    "created_at": row.created_at,
                }
            )


def _asset_records(person_id: UUID) -> Iterator[Record]:
    for rows in batches(Asset.objects.filter(person_id=person_id)):
        for row, name in zip(rows, _names(rows, person_id), strict=True):
            path = media_path(row.id, row.media_type)
            yield Record(
                values={
                    "id": row.id,
                    "creation_id": row.creation_id,
                    "kind": row.kind,
                    "origin": row.origin,
                    "place": row.place,
                    "name": name,
                    "media_type": row.media_type,
                    "file": path,
                    "favourite_at": row.favourite_at,
                    "created_at": row.created_at,
                },
                files=(
                    PortableFile(
                        path=path,
                        file_key=row.file_key,
                        data_class=DataClass.CONTENT,
                        context=context("asset.file", row.id),
                    ),
                ),
            )


def _album_records(person_id: UUID) -> Iterator[Record]:
    for row, name in zip(*_albums(person_id), strict=True):
        yield Record(values={"id": row.id, "name": name, "created_at": row.created_at})


def _entry_records(person_id: UUID) -> Iterator[Record]:
    for rows in batches(AlbumEntry.objects.filter(album__person_id=person_id)):
        for row in rows:
            yield Record(
                values={
                    "id": row.id,
                    "album_id": row.album_id,
                    "asset_id": row.asset_id,
                    "added_at": row.added_at,
                }
            )


def _maker(
    row: Creation, companies: Mapping[str, Recipient]
) -> tuple[str, Mapping[str, Any] | None]:
    """The model's key, and who it is of."""
    if row.call is not None:
        return row.call.model_key, made_by(row.call, companies)
    told = dict(came_with(row))
    return told.pop("model_key", ""), told or None


def _wishes(wished: QuerySet[Creation], person_id: UUID) -> Iterator[Part]:
    companies = {facts.key: facts for facts in recipients()}
    for rows in batches(wished.select_related("call")):
        files = _files_of(rows, person_id)
        for row, prompt in zip(rows, _prompts(rows, person_id), strict=True):
            yield Part(
                author=gettext("You"),
                is_persons_own=True,
                at=row.created_at,
                text=prompt,
                notes=notes(_maker(row, companies)[1]),
                files=tuple(files.get(row.id, ())),
            )


def _given_page(person_id: UUID) -> Iterator[Page]:
    given = Asset.objects.filter(person_id=person_id, origin=Origin.GIVEN)
    first = given.order_by("id").first()
    if first is not None:
        yield Page(
            key="given",
            title=gettext("Given by you"),
            at=first.created_at,
            preface="",
            parts=lambda: _shown(given, person_id),
        )


def _entries_shown(album: Album, person_id: UUID) -> Iterator[Part]:
    entries = AlbumEntry.objects.filter(album=album)
    return _shown(Asset.objects.filter(id__in=entries.values("asset_id")), person_id)


def _shown(assets: QuerySet[Asset], person_id: UUID) -> Iterator[Part]:
    for rows in batches(assets):
        for row, name in zip(rows, _names(rows, person_id), strict=True):
            yield Part(
                author=gettext("Given by you") if row.origin == Origin.GIVEN else gettext("Answer"),
                is_persons_own=row.origin == Origin.GIVEN,
                at=row.created_at,
                text="",
                files=(_page_file(row, name),),
            )


def _files_of(rows: Sequence[Creation], person_id: UUID) -> dict[UUID, list[PageFile]]:
    made = list(Asset.objects.filter(creation__in=rows).order_by("place", "id"))
    found: dict[UUID, list[PageFile]] = {}
    for row, name in zip(made, _names(made, person_id), strict=True):
        if row.creation_id is not None:
            found.setdefault(row.creation_id, []).append(_page_file(row, name))
    return found


def _page_file(row: Asset, name: str) -> PageFile:
    is_film = row.kind == Kind.FILM
    path = media_path(row.id, row.media_type)
    preview = media_path(row.id, "image/webp", "thumbnail") if row.thumbnail_key else ""
    return PageFile(
        name=name or (gettext("Video") if is_film else gettext("Image")),
        path=path,
        is_picture=bool(preview) or not is_film,
        preview=preview,
    )


def _albums(person_id: UUID) -> tuple[Sequence[Album], Iterable[str]]:
    rows = list(Album.objects.filter(person_id=person_id).order_by("id"))
    pairs = ((row.name_sealed, row.id) for row in rows)
    return rows, open_texts(pairs, person_id=person_id, place="album.name")


def _prompts(rows: Sequence[Creation], person_id: UUID) -> Iterator[str]:
    pairs = ((row.prompt_sealed, row.id) for row in rows)
    return open_texts(pairs, person_id=person_id, place="creation.prompt")


def _names(rows: Sequence[Asset], person_id: UUID) -> Iterator[str]:
    pairs = ((row.name_sealed, row.id) for row in rows)
    return open_texts(pairs, person_id=person_id, place="asset.name")
