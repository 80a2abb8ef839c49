"""The gallery: its pages, what is looked for in it, and what its owner does with it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bluegpt.core.ids import new_id
from bluegpt.core.worker import Worker
from bluegpt.privacy.errors.choices import UseRestricted
from bluegpt.privacy.services import choices
from bluegpt.studio.errors import (
    AlbumWithoutName,
    StillBeingMade,
    TooManyAlbums,
    UnknownAlbum,
    UnknownAsset,
    UnknownCreation,
)
from bluegpt.studio.models import Album, AlbumEntry, Asset, Call, Conversation, Creation, Message
from bluegpt.studio.queries import gallery
from bluegpt.studio.services import conversations
from bluegpt.studio.services import gallery as actions
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import GalleryFilter, Kind, Origin
from tests.privacy.belongings import settle_down
from tests.studio import pictured

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
EVERYTHING = GalleryFilter(origin=None)
MADE = GalleryFilter()


def made(person_id: UUID, prompt: str = "A heron", *, number: int = 1) -> list[Asset]:
    wish = pictured.wish(person_id, prompt)
    return [pictured.asset(person_id, creation=wish, place=place) for place in range(number)]


def ids(person_id: UUID, wanted: GalleryFilter = MADE, cursor: str = "") -> list[UUID]:
    page = gallery.page(person_id=person_id, wanted=wanted, cursor=cursor)
    return [view.id for view in page.assets]


def _wish_of(row: Asset) -> UUID:
    assert row.creation_id
    return row.creation_id


def test_pages_meet_without_gap_or_overlap_from_the_newest(somebody: UUID) -> None:
    rows = made(somebody, number=5)

    seen, cursor, pages = [], "", 0
    while not pages or cursor:
        page = gallery.page(person_id=somebody, wanted=MADE, cursor=cursor, limit=2)
        seen += [view.id for view in page.assets]
        cursor, pages = page.next_cursor, pages + 1

    assert seen == [row.id for row in reversed(rows)]
    assert pages == 3
    assert ids(somebody, cursor="made up") == seen


def test_a_page_of_many_asks_no_more_than_a_page_of_one(somebody: UUID) -> None:
    made(somebody)
    with CaptureQueriesContext(connection) as few:
        ids(somebody)
        gallery.creations(person_id=somebody, kind=Kind.PICTURE, limit=60)
    for number in range(8):
        made(somebody, str(number), number=2)

    with CaptureQueriesContext(connection) as many:
        assert len(ids(somebody)) == 17
        assert len(gallery.creations(person_id=somebody, kind=Kind.PICTURE, limit=60)) == 9

    assert len(many) == len(few)


def test_each_filter_keeps_what_it_says(somebody: UUID) -> None:
    (picture,) = made(somebody)
    given = pictured.asset(somebody, name="Lake.png")
    by_another = pictured.wish(somebody, "A film", kind=Kind.FILM, model="filmer")
    film = pictured.asset(somebody, creation=by_another, media_type="video/mp4")
    album_id = actions.create_album(person_id=somebody, name="Birds")
    actions.put_in_album(person_id=somebody, album_id=album_id, asset_ids=[picture.id, given.id])
    actions.set_favourite(person_id=somebody, asset_id=film.id, is_favourite=True)

    assert ids(somebody) == [film.id, picture.id]
    assert ids(somebody, EVERYTHING) == [film.id, given.id, picture.id]
    assert ids(somebody, GalleryFilter(origin=Origin.GIVEN)) == [given.id]
    assert ids(somebody, GalleryFilter(kind=Kind.PICTURE)) == [picture.id]
    assert ids(somebody, GalleryFilter(is_favourite=True)) == [film.id]
    assert ids(somebody, GalleryFilter(model_key="sandbox/filmer")) == [film.id]
    assert ids(somebody, GalleryFilter(origin=None, album_id=album_id)) == [given.id, picture.id]
    with pytest.raises(UnknownAlbum):
        ids(somebody, GalleryFilter(album_id=new_id()))


def test_words_are_found_in_prompts_and_names_whatever_their_accents(somebody: UUID) -> None:
    herons = made(somebody, "Un HÉRON au bord du lac", number=2)
    made(somebody, "A cat")
    named = pictured.asset(somebody, name="heron.png")

    wanted = GalleryFilter(origin=None, words="heron")

    assert ids(somebody, wanted) == [named.id, herons[1].id, herons[0].id]
    assert ids(somebody, GalleryFilter(words="heron")) == [herons[1].id, herons[0].id]
    assert ids(somebody, GalleryFilter(words="lac  ")) == [herons[1].id, herons[0].id]
    assert ids(somebody, GalleryFilter(words="dog")) == []


def test_a_search_goes_on_where_it_was_bounded(
    somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    (oldest,) = made(somebody, "A heron")
    for number in range(4):
        made(somebody, str(number))
    monkeypatch.setattr(gallery, "SCAN_ASSETS_MAX", 3)
    monkeypatch.setattr(gallery, "_BATCH_ASSETS", 2)
    wanted = GalleryFilter(words="heron")

    first = gallery.page(person_id=somebody, wanted=wanted)
    second = gallery.page(person_id=somebody, wanted=wanted, cursor=first.next_cursor)

    assert first.assets == ()
    assert [view.id for view in second.assets] == [oldest.id]
    assert second.next_cursor == ""


def test_hits_come_in_pages_too(somebody: UUID) -> None:
    rows = made(somebody, "A heron", number=3)
    wanted = GalleryFilter(words="heron")

    first = gallery.page(person_id=somebody, wanted=wanted, limit=2)
    second = gallery.page(person_id=somebody, wanted=wanted, limit=2, cursor=first.next_cursor)

    assert [view.id for view in (*first.assets, *second.assets)] == [
        row.id for row in reversed(rows)
    ]


def test_a_wish_shows_what_came_of_it_and_the_inputs_that_are_left(somebody: UUID) -> None:
    kept, deleted = pictured.asset(somebody, name="a"), pictured.asset(somebody, name="b")
    wish = pictured.wish(somebody, "Both of them", inputs=(kept.id, deleted.id))
    second = pictured.asset(somebody, creation=wish, place=1)
    first = pictured.asset(somebody, creation=wish, place=0)
    actions.delete_assets(person_id=somebody, asset_ids=[deleted.id])

    view = gallery.creation(person_id=somebody, creation_id=wish.id)

    assert view.prompt == "Both of them"
    assert [each.id for each in view.assets] == [first.id, second.id]
    assert view.input_ids == (kept.id,)
    assert view.call is not None
    assert view.call.model_key == view.model_key == "sandbox/painter"
    assert gallery.creation_of_call(person_id=somebody, call_id=view.call.id) == view


def test_nobody_sees_or_changes_what_is_anothers(somebody: UUID) -> None:
    other = settle_down("grace@example.org").person.id
    (theirs,) = made(other)
    album_id = actions.create_album(person_id=other, name="Theirs")
    mine = actions.create_album(person_id=somebody, name="Mine")

    assert ids(somebody, EVERYTHING) == []
    refused: tuple[Callable[[], object], ...] = (
        lambda: gallery.asset(person_id=somebody, asset_id=theirs.id),
        lambda: actions.set_favourite(person_id=somebody, asset_id=theirs.id, is_favourite=True),
        lambda: actions.delete_assets(person_id=somebody, asset_ids=[theirs.id]),
        lambda: actions.put_in_album(person_id=somebody, album_id=mine, asset_ids=[theirs.id]),
    )
    for act in refused:
        with pytest.raises(UnknownAsset):
            act()
    refused = (
        lambda: actions.rename_album(person_id=somebody, album_id=album_id, name="Mine now"),
        lambda: actions.delete_album(person_id=somebody, album_id=album_id),
        lambda: actions.take_out_of_album(person_id=somebody, album_id=album_id, asset_ids=[]),
        lambda: gallery.album(person_id=somebody, album_id=album_id),
    )
    for act in refused:
        with pytest.raises(UnknownAlbum):
            act()
    refused = (
        lambda: gallery.creation(person_id=somebody, creation_id=_wish_of(theirs)),
        lambda: actions.delete_creation(person_id=somebody, creation_id=_wish_of(theirs)),
    )
    for act in refused:
        with pytest.raises(UnknownCreation):
            act()


def test_albums_are_named_counted_and_deleted_without_what_is_in_them(somebody: UUID) -> None:
    rows = made(somebody, number=2)
    album_id = actions.create_album(person_id=somebody, name="  Birds \n of the lake ")
    both = [row.id for row in rows]
    actions.put_in_album(person_id=somebody, album_id=album_id, asset_ids=both)
    actions.put_in_album(person_id=somebody, album_id=album_id, asset_ids=both[:1])

    (view,) = gallery.albums(person_id=somebody)
    assert (view.name, view.count) == ("Birds of the lake", 2)
    assert gallery.albums_of(person_id=somebody, asset_id=both[0]) == {album_id}

    actions.rename_album(person_id=somebody, album_id=album_id, name="Herons")
    actions.take_out_of_album(person_id=somebody, album_id=album_id, asset_ids=both[:1])
    view = gallery.album(person_id=somebody, album_id=album_id)
    assert (view.name, view.count) == ("Herons", 1)

    actions.delete_album(person_id=somebody, album_id=album_id)
    assert gallery.albums(person_id=somebody) == ()
    assert ids(somebody) == list(reversed(both))


def test_an_album_needs_a_name_and_there_are_only_so_many(
    somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ALBUMS_MAX", 1)
    with pytest.raises(AlbumWithoutName):
        actions.create_album(person_id=somebody, name=" \n")
    actions.create_album(person_id=somebody, name="The one")
    with pytest.raises(TooManyAlbums):
        actions.create_album(person_id=somebody, name="One more")


def test_deleting_takes_every_file_and_the_wish_with_the_last_one(somebody: UUID) -> None:
    wish = pictured.wish(somebody, "A film of herons", kind=Kind.FILM)
    film, other = [
        pictured.asset(somebody, creation=wish, media_type="video/mp4", place=place)
        for place in range(2)
    ]
    pictured.film_job(wish)
    album_id = actions.create_album(person_id=somebody, name="Birds")
    actions.put_in_album(person_id=somebody, album_id=album_id, asset_ids=[film.id])

    actions.delete_assets(person_id=somebody, asset_ids=[film.id])
    Worker().run_pending()

    assert pictured.are_gone(pictured.file_keys(film))
    assert not AlbumEntry.objects.exists()
    assert Creation.objects.filter(id=wish.id).exists()

    actions.delete_assets(person_id=somebody, asset_ids=[other.id])
    Worker().run_pending()

    assert pictured.are_gone(pictured.file_keys(other))
    assert not Creation.objects.exists()
    assert Call.objects.filter(person_id=somebody).count() == 1
    assert Album.objects.filter(id=album_id).exists()


def test_nothing_is_deleted_when_one_is_not_there(somebody: UUID) -> None:
    (row,) = made(somebody)

    with pytest.raises(UnknownAsset):
        actions.delete_assets(person_id=somebody, asset_ids=[row.id, new_id()])

    assert ids(somebody) == [row.id]


def test_what_was_made_from_it_stays(somebody: UUID) -> None:
    source_wish = pictured.wish(somebody, "A film", kind=Kind.FILM)
    source = pictured.asset(somebody, creation=source_wish, media_type="video/mp4")
    remix = pictured.wish(somebody, "At night", kind=Kind.FILM)
    Creation.objects.filter(id=remix.id).update(source=source)
    later = pictured.asset(somebody, creation=remix, media_type="video/mp4")

    actions.delete_assets(person_id=somebody, asset_ids=[source.id])

    assert ids(somebody) == [later.id]
    assert gallery.creation(person_id=somebody, creation_id=remix.id).source_id is None


def test_a_wish_under_way_is_not_deleted(somebody: UUID) -> None:
    wish = pictured.wish(somebody, "A film", kind=Kind.FILM, state=CallState.LIVE)

    with pytest.raises(StillBeingMade):
        actions.delete_creation(person_id=somebody, creation_id=wish.id)

    assert Creation.objects.filter(id=wish.id).exists()


def test_a_wish_that_ended_goes_with_all_that_came_of_it(somebody: UUID) -> None:
    rows = made(somebody, number=2)

    actions.delete_creation(person_id=somebody, creation_id=_wish_of(rows[0]))
    Worker().run_pending()

    assert ids(somebody) == []
    assert pictured.are_gone(pictured.file_keys(*rows))
    assert Call.objects.filter(person_id=somebody).count() == 1


def test_pictures_of_a_conversation_go_with_it_and_their_files_too() -> None:
    ada = settle_down()
    wish = pictured.wish(ada.person.id, "A heron")
    Creation.objects.filter(id=wish.id).update(message=Message.objects.get(id=ada.leaf_id))
    row = pictured.asset(ada.person.id, creation=wish)
    shown = gallery.creations_in(person_id=ada.person.id, message_ids=[ada.leaf_id])
    assert [each.id for each in shown[ada.leaf_id].assets] == [row.id]

    conversations.delete(person_id=ada.person.id, conversation_id=ada.conversation_id)
    Worker().run_pending()

    assert not Conversation.objects.exists()
    assert not Asset.objects.exists()
    assert pictured.are_gone(pictured.file_keys(row))


def test_who_has_frozen_their_data_changes_nothing(somebody: UUID) -> None:
    (row,) = made(somebody)
    album_id = actions.create_album(person_id=somebody, name="Birds")
    choices.restrict(person_id=somebody)

    for act in (
        lambda: actions.set_favourite(person_id=somebody, asset_id=row.id, is_favourite=True),
        lambda: actions.delete_assets(person_id=somebody, asset_ids=[row.id]),
        lambda: actions.create_album(person_id=somebody, name="More"),
        lambda: actions.rename_album(person_id=somebody, album_id=album_id, name="Less"),
        lambda: actions.delete_album(person_id=somebody, album_id=album_id),
    ):
        with pytest.raises(UseRestricted):
            act()

    assert ids(somebody) == [row.id]
