"""Pictures and films in archives: all of them, byte for byte, and back again without a call."""

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from PIL import Image

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.models import Archive, ArchiveReturn
from bluegpt.privacy.queries.archives import return_of
from bluegpt.privacy.services import archives, returning
from bluegpt.privacy.types.archives import ArchiveKind
from bluegpt.studio.flows import assets
from bluegpt.studio.models import Album, Asset, Call, Creation, Message
from bluegpt.studio.queries import gallery
from bluegpt.studio.services import gallery as actions
from bluegpt.studio.services import returning_gallery
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import GalleryFilter, Kind
from bluegpt.vault.services import files, streams
from tests.privacy.belongings import PASSWORD, Belongings, settle_down
from tests.privacy.test_archives import document, whole_archive
from tests.privacy.test_returning import altered, brought, portable, refusal_of
from tests.studio import pictured
from tests.studio.films import FILM

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
HERON = "A heron by the lake, <b>é</b>"
ALBUM = "Birds of Brackwater"
NAME = "sketch of a heron.jpg"
ALL = GalleryFilter(origin=None)


def picture(format: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(out, format)
    return out.getvalue()


@dataclass(frozen=True)
class Pictured:
    """Whose gallery it is, and what is in it."""

    person_id: UUID
    given: Asset
    pictures: tuple[Asset, Asset]
    film: Asset


def hang_up(ada: Belongings) -> Pictured:
    """A given sketch, two pictures that a conversation shows, a film of it and its remix."""
    me = ada.person.id
    given = pictured.asset(me, name=NAME, data=picture("JPEG"), media_type="image/jpeg")
    wish = pictured.wish(me, HERON, inputs=(given.id,))
    Creation.objects.filter(id=wish.id).update(message=Message.objects.get(id=ada.leaf_id))
    first = pictured.asset(me, creation=wish, data=picture("PNG"))
    second = pictured.asset(
        me, creation=wish, data=picture("WEBP"), media_type="image/webp", place=1
    )
    film_wish = pictured.wish(me, "It takes off", kind=Kind.FILM, inputs=(first.id,))
    pictured.film_job(film_wish, ref="videos/heron-1")
    film = pictured.asset(me, creation=film_wish, data=FILM, media_type="video/mp4")
    remix = pictured.wish(me, "At night", kind=Kind.FILM)
    Creation.objects.filter(id=remix.id).update(source=film)
    album_id = actions.create_album(person_id=me, name=ALBUM)
    actions.put_in_album(person_id=me, album_id=album_id, asset_ids=[given.id, film.id])
    Asset.objects.filter(id=second.id).update(favourite_at=clock.now())
    return Pictured(person_id=me, given=given, pictures=(first, second), film=film)


@pytest.fixture
def ada() -> Pictured:
    return hang_up(settle_down())


@pytest.fixture
def grace() -> Person:
    return people.create_person(email="grace@example.org", password=PASSWORD)


def everything(person_id: UUID) -> dict[str, Any]:
    """A gallery without ids: each thing by the place at which it stands in its page."""
    views = gallery.page(person_id=person_id, wanted=ALL).assets
    place = {view.id: number for number, view in enumerate(views)}
    wishes = [
        view
        for kind in Kind
        for view in gallery.creations(person_id=person_id, kind=kind, limit=100)
    ]
    return {
        "assets": [
            (
                view.kind,
                view.origin,
                view.place,
                view.name,
                view.media_type,
                view.size_bytes,
                view.is_favourite,
                view.created_at,
                bytes_of(person_id, view.id),
            )
            for view in views
        ],
        "wishes": [
            (
                view.prompt,
                view.settings,
                view.model_key,
                view.model_name,
                [place[each.id] for each in view.assets],
                [place[each] for each in view.input_ids],
                view.source_id and place[view.source_id],
                view.created_at,
            )
            for view in wishes
        ],
        "albums": {
            album.name: [
                place[view.id]
                for view in gallery.page(
                    person_id=person_id, wanted=GalleryFilter(origin=None, album_id=album.id)
                ).assets
            ]
            for album in gallery.albums(person_id=person_id)
        },
    }


def bytes_of(person_id: UUID, asset_id: UUID) -> bytes:
    _view, data = async_to_sync(assets.whole)(person_id=person_id, asset_id=asset_id)
    return data


def test_an_access_archive_has_every_file_under_its_own_name(ada: Pictured) -> None:
    archive = whole_archive(ada.person_id)

    rows = {row["id"]: row for row in document(archive, "data/studio.asset.json")}
    film = rows[str(ada.film.id)]
    assert archive.read(film["file"]) == FILM
    assert film["file"] == f"media/{ada.film.id}.mp4"
    assert archive.read(film["thumbnail"]) == b"small"
    assert archive.read(film["poster"]) == b"first frame"
    assert rows[str(ada.pictures[0].id)]["poster"] == ""
    assert rows[str(ada.given.id)]["name"] == NAME
    (album,) = document(archive, "data/studio.album.json")
    assert album["name"] == ALBUM
    prompts = [row["prompt"] for row in document(archive, "data/studio.creation.json")]
    assert prompts == [HERON, "It takes off", "At night"]
    (job,) = document(archive, "data/studio.filmjob.json")
    assert job["ref"] == "videos/heron-1"


def test_its_pages_show_wishes_gifts_and_albums(ada: Pictured) -> None:
    archive = whole_archive(ada.person_id)

    month = f"pages/gallery/{clock.now():%Y-%m}.html"
    shown = archive.read(month).decode()
    assert "A heron by the lake, &lt;b&gt;é&lt;/b&gt;" in shown
    assert f"media/{ada.film.id}-thumbnail.webp" in shown
    assert f"media/{ada.film.id}.mp4" in shown
    assert "Painter" in shown
    assert NAME in archive.read("pages/gallery/given.html").decode()
    album_id = Album.objects.get().id
    assert str(ada.film.id) in archive.read(f"pages/gallery/album-{album_id}.html").decode()


def test_it_comes_back_byte_for_byte_under_new_keys_and_without_a_call(
    ada: Pictured, grace: Person
) -> None:
    brought(grace.id, portable(ada.person_id))

    assert refusal_of(grace.id) == ""
    told = return_of(grace.id)
    assert told is not None
    assert {
        key: told.counts[key] for key in ("creations", "assets", "albums", "album_entries")
    } == {
        "creations": 3,
        "assets": 4,
        "albums": 1,
        "album_entries": 2,
    }
    assert everything(grace.id) == everything(ada.person_id)
    assert not Call.objects.filter(person_id=grace.id).exists()
    mine = Creation.objects.filter(person_id=grace.id)
    assert mine.exclude(message=None).get().message.person_id == grace.id  # type: ignore[union-attr]
    theirs = set(Asset.objects.filter(person_id=ada.person_id).values_list("id", "file_key"))
    assert not theirs & set(Asset.objects.filter(person_id=grace.id).values_list("id", "file_key"))


def test_thumbnails_and_first_frames_are_made_again(ada: Pictured, grace: Person) -> None:
    brought(grace.id, portable(ada.person_id))

    film = Asset.objects.get(person_id=grace.id, kind=Kind.FILM)
    assert (film.width_px, film.height_px) == (64, 48)
    assert film.duration_ms > 0
    for row in Asset.objects.filter(person_id=grace.id):
        assert Image.open(io.BytesIO(part_of(row, "thumbnail"))).format == "WEBP"
    assert Image.open(io.BytesIO(part_of(film, "poster"))).size == (64, 48)


def part_of(row: Asset, part: str) -> bytes:
    return async_to_sync(files.get)(
        getattr(row, f"{part}_key"),
        person_id=row.person_id,
        data_class=DataClass.CONTENT,
        context=f"studio.asset.{part}:{row.id}",
    )


def test_it_can_be_taken_away_a_second_time(ada: Pictured, grace: Person) -> None:
    brought(grace.id, portable(ada.person_id))
    again = people.create_person(email="ida@example.org", password=PASSWORD)

    brought(again.id, portable(grace.id))

    assert everything(again.id) == everything(ada.person_id)


def test_a_run_that_was_cut_off_goes_on(
    ada: Pictured, grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = portable(ada.person_id)
    brought(grace.id, archive, run=False)

    def die(_row: Asset) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(returning_gallery, "_look_at_film", die)
        with pytest.raises(KeyboardInterrupt):
            returning.take_in(*_under_way(grace.id))
    assert Asset.objects.filter(person_id=grace.id).count() == 4

    returning.take_in(*_under_way(grace.id))

    assert everything(grace.id) == everything(ada.person_id)


def _under_way(person_id: UUID) -> tuple[UUID, UUID]:
    return (
        Archive.objects.get(person_id=person_id, kind=ArchiveKind.INCOMING).id,
        ArchiveReturn.objects.get(person_id=person_id).id,
    )


def test_what_is_still_being_made_is_not_taken_along(ada: Pictured, grace: Person) -> None:
    wish = pictured.wish(ada.person_id, "Not yet", state=CallState.LIVE)
    early = pictured.asset(ada.person_id, creation=wish, data=picture("PNG"))

    brought(grace.id, portable(ada.person_id))

    assert refusal_of(grace.id) == ""
    assert Creation.objects.filter(person_id=grace.id).count() == 3
    assert Asset.objects.filter(person_id=grace.id, creation=None).count() == 2
    assert early.id not in Asset.objects.filter(person_id=grace.id).values_list("id", flat=True)


def test_a_film_that_nobody_can_play_comes_back_as_it_is(ada: Pictured, grace: Person) -> None:
    broken = FILM[:16] + bytes(200)
    pictured.asset(ada.person_id, data=broken, media_type="video/mp4")

    brought(grace.id, portable(ada.person_id))

    newest = gallery.page(person_id=grace.id, wanted=ALL).assets[0]
    assert bytes_of(grace.id, newest.id) == broken
    assert (newest.width_px, newest.has_thumbnail, newest.has_poster) == (0, False, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"media_type":"image/webp"', b'"media_type":"image/jpeg"'),
        (b'"media_type":"video/mp4"', b'"media_type":"image/png"'),
        (b'"place":1', b'"place":1000'),
        (b'"place":1', b'"place":-1'),
        (b'"origin":"given"', b'"origin":"found"'),
        (b'"kind":"film"', b'"kind":"picture"'),
    ],
)
def test_a_record_that_says_what_is_not_so_is_refused_and_leaves_nothing(
    ada: Pictured, grace: Person, old: bytes, new: bytes
) -> None:
    def change(entries: dict[str, bytes]) -> None:
        assert old in entries["assets.json"]
        entries["assets.json"] = entries["assets.json"].replace(old, new)

    brought(grace.id, altered(portable(ada.person_id), change))

    assert refusal_of(grace.id) == "archive_broken"
    assert not Asset.objects.filter(person_id=grace.id).exists()


@pytest.mark.parametrize("ending", [".mp4", ".png"])
def test_a_file_that_is_something_else_is_refused(
    ada: Pictured, grace: Person, ending: str
) -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries.update({name: b"MZ" * 20 for name in entries if name.endswith(ending)})

    brought(grace.id, altered(portable(ada.person_id), change))

    assert refusal_of(grace.id) == "archive_broken"
    assert not Asset.objects.filter(person_id=grace.id).exists()


def test_an_account_with_pictures_takes_none_in(ada: Pictured) -> None:
    me = people.create_person(email="ida@example.org", password=PASSWORD)
    pictured.asset(me.id)

    brought(me.id, portable(ada.person_id))

    assert refusal_of(me.id) == "account_not_empty"
    assert Asset.objects.filter(person_id=me.id).count() == 1


def test_a_long_film_goes_into_an_archive_a_piece_at_a_time(
    ada: Pictured, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = FILM + bytes(3_000_000)

    async def chunks() -> Any:
        yield data

    row = pictured.asset(ada.person_id, data=b"short", media_type="video/mp4")
    key, size = async_to_sync(streams.put)(
        chunks(), place=assets.place_of(ada.person_id, row.id, "file")
    )
    Asset.objects.filter(id=row.id).update(file_key=key, size_bytes=size)
    longest = 0
    part = streams._part

    def noted(*told: Any) -> bytes:
        nonlocal longest
        found = part(*told)
        longest = max(longest, len(found))
        return found

    monkeypatch.setattr(streams, "_part", noted)
    archive_id = archives.ask(person_id=ada.person_id, kind=ArchiveKind.PORTABLE, language="en")
    archives.make(archive_id)
    archives.take(person_id=ada.person_id, archive_id=archive_id)

    async def whole() -> bytes:
        stream = archives.stream(person_id=ada.person_id, archive_id=archive_id)
        return b"".join([piece async for piece in stream])

    archive = zipfile.ZipFile(io.BytesIO(async_to_sync(whole)()))
    assert archive.read(f"media/{row.id}.mp4") == data
    assert json.loads(archive.read("assets.json"))[-1]["id"] == str(row.id)
    assert longest == 1 << 20
