"""What the gallery's pages show: filters as links, tiles with their words, one work in full."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bluegpt.providers.queries import catalogue
from bluegpt.studio.queries import gallery, wished
from bluegpt.studio.types.media import (
    AssetView,
    CreationView,
    GalleryFilter,
    GalleryPage,
    Kind,
    Origin,
)
from bluegpt.web.studio import drawing, filming


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A work in its box, and the words that stand for it."""

    asset: AssetView
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterLink:
    """A filter that is one link away."""

    label: str
    icon: str
    url: str
    is_on: bool


def page(person_id: UUID, wanted: GalleryFilter, cursor: str) -> dict[str, Any]:
    """A page of the gallery; as many queries for sixty as for one. Raises UnknownAlbum."""
    found = gallery.page(person_id=person_id, wanted=wanted, cursor=cursor)
    return {
        "wanted": wanted,
        "tiles": tiles(person_id, found),
        "next_url": address(wanted, cursor=found.next_cursor) if found.next_cursor else "",
    }


def tiles(person_id: UUID, found: GalleryPage) -> tuple[Tile, ...]:
    """The works of a page with what was asked for, or the name of what was given."""
    ids = [each.creation_id for each in found.assets if each.creation_id]
    prompts = wished.prompts(person_id=person_id, creation_ids=ids) if ids else {}
    return tuple(
        Tile(asset=each, alt=_alt(each, prompts.get(each.creation_id) if each.creation_id else ""))
        for each in found.assets
    )


def filters(person_id: UUID, wanted: GalleryFilter) -> dict[str, Any]:
    """What can be filtered by, beside the words."""
    albums = gallery.albums(person_id=person_id)
    shown = [each for each in albums if each.id == wanted.album_id]
    models = [model for model in catalogue.models() if model.draws or model.films]
    return {
        "links": _links(wanted),
        "albums": albums,
        "album": next(iter(shown), None),
        "models": models,
        "is_filtered": wanted != GalleryFilter(),
    }


def viewing(person_id: UUID, asset_id: UUID) -> dict[str, Any]:
    """One work with all that is known of it. Raises UnknownAsset."""
    asset = gallery.asset(person_id=person_id, asset_id=asset_id)
    wish = asset.creation_id and gallery.creation(
        person_id=person_id, creation_id=asset.creation_id
    )
    return {
        "asset": asset,
        "creation": wish,
        "alt": _alt(asset, wish.prompt if wish else ""),
        "facts": _facts(wish) if wish else (),
        "albums": gallery.albums(person_id=person_id),
        "in_albums": gallery.albums_of(person_id=person_id, asset_id=asset_id),
    }


def address(wanted: GalleryFilter, *, cursor: str = "") -> str:
    """Where the gallery shows this; words are in it, and in no log of ours."""
    chosen = {
        "kind": wanted.kind,
        "origin": wanted.origin if wanted.origin is Origin.GIVEN else "",
        "favourites": "yes" if wanted.is_favourite else "",
        "album": wanted.album_id,
        "model": wanted.model_key,
        "words": wanted.words,
        "cursor": cursor,
    }
    query = urlencode({name: value for name, value in chosen.items() if value})
    return reverse("studio:gallery") + (f"?{query}" if query else "")


def _links(wanted: GalleryFilter) -> tuple[FilterLink, ...]:
    is_given = wanted.origin is Origin.GIVEN
    narrowed = wanted.kind or wanted.is_favourite or is_given or wanted.album_id
    choices = (
        (pgettext("gallery", "All"), "gallery", GalleryFilter(), not narrowed),
        (_("Images"), "picture", GalleryFilter(kind=Kind.PICTURE), wanted.kind is Kind.PICTURE),
        (_("Videos"), "film", GalleryFilter(kind=Kind.FILM), wanted.kind is Kind.FILM),
        (_("Favourites"), "star", GalleryFilter(is_favourite=True), wanted.is_favourite),
        (_("Given by you"), "attach", GalleryFilter(origin=Origin.GIVEN), is_given),
    )
    return tuple(
        FilterLink(label=label, icon=icon, url=address(leads_to), is_on=is_on)
        for label, icon, leads_to, is_on in choices
    )


def _facts(wish: CreationView) -> tuple[str, ...]:
    return filming.facts(wish) if wish.kind is Kind.FILM else drawing.facts(wish)


def _alt(asset: AssetView, prompt: str | None) -> str:
    return prompt or asset.name or _("Untitled")
