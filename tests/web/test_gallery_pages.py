"""The gallery's pages: for their owner alone, by filters, in as few queries for many as for one."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core.ids import new_id
from bluegpt.studio.models import Album, AlbumEntry, Asset
from bluegpt.studio.queries import gallery
from bluegpt.studio.services import gallery as actions
from bluegpt.studio.types.media import Kind
from tests.ops.conftest import PASSWORD
from tests.studio import pictured

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
FRAGMENT = {"X-Fragment": "1"}


def made(person_id: UUID, prompt: str = "A heron", *, number: int = 1) -> list[Asset]:
    wish = pictured.wish(person_id, prompt)
    return [pictured.asset(person_id, creation=wish, place=place) for place in range(number)]


def shown(page: str) -> list[str]:
    return re.findall(r'id="tile-([0-9a-f-]{36})"', page)


def ids(rows: list[Asset]) -> list[str]:
    return [str(row.id) for row in rows]


def test_an_empty_gallery_says_what_will_be_in_it(browser_of: Client) -> None:
    page = browser_of.get("/gallery").content.decode()

    assert "What you make is kept here, encrypted" in page
    assert 'id="selection"' not in page


def test_everything_that_was_made_is_there_from_the_newest_with_its_words(
    browser_of: Client, person: Person
) -> None:
    rows = made(person.id, 'A <heron> & its "pond"', number=2)
    stranger = people.create_person(email="eve@example.org", password=PASSWORD)
    made(stranger.id)

    page = browser_of.get("/gallery").content.decode()

    assert shown(page) == ids(rows)[::-1]
    assert page.count('alt="A &lt;heron&gt; &amp; its &quot;pond&quot;"') == 2
    assert page.count('loading="lazy"') == 2
    assert f'src="/assets/{rows[0].id}/thumbnail" width="8"' in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=film", ["film"]),
        ("kind=picture", ["pond", "heron"]),
        ("favourites=yes", ["heron"]),
        ("words=POND", ["pond"]),
        ("origin=given", ["given"]),
        ("model=sandbox/sketcher", ["film"]),
        ("kind=opera&album=nothing&cursor=no", ["film", "pond", "heron"]),
    ],
)
def test_filters_leave_what_they_say_and_ignore_what_cannot_be_read(
    browser_of: Client, person: Person, query: str, expected: list[str]
) -> None:
    [heron], [pond] = made(person.id), made(person.id, "A pond")
    wish = pictured.wish(person.id, "Waves", model="sketcher")
    film = pictured.asset(person.id, creation=wish, media_type="video/mp4")
    given = pictured.asset(person.id, name="holiday.png")
    actions.set_favourite(person_id=person.id, asset_id=heron.id, is_favourite=True)
    names = {
        str(row.id): name
        for row, name in ((heron, "heron"), (pond, "pond"), (film, "film"), (given, "given"))
    }

    page = browser_of.get(f"/gallery?{query}").content.decode()

    assert [names[each] for each in shown(page)] == expected


def test_the_next_page_is_a_link_and_for_scripts_a_piece(
    browser_of: Client, person: Person
) -> None:
    rows = made(person.id, number=62)
    first = browser_of.get("/gallery").content.decode()
    [link] = re.findall(r'id="more-tiles"[^>]*href="([^"]+)"', first)

    plain = browser_of.get(link).content.decode()
    piece = browser_of.get(link, headers=FRAGMENT).content.decode()

    assert shown(first) == ids(rows)[:1:-1]
    assert shown(plain) == shown(piece) == ids(rows)[1::-1]
    assert "<html" not in piece
    assert 'data-swap="remove" data-target="more-tiles"' in " ".join(piece.split())


def test_sixty_cost_as_many_queries_as_one(browser_of: Client, person: Person) -> None:
    made(person.id)
    browser_of.get("/gallery")  # what is read once in a process

    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser_of.get("/gallery")
        counts.append(len(queries))
        for number in range(12):
            made(person.id, f"Wish {number}", number=3)

    assert counts[0] == counts[1]


def test_one_work_is_shown_with_all_that_is_known_of_it(browser_of: Client, person: Person) -> None:
    [row] = made(person.id, "A heron in the reeds")

    page = browser_of.get(f"/gallery/assets/{row.id}").content.decode()
    piece = browser_of.get(f"/gallery/assets/{row.id}", headers=FRAGMENT).content.decode()

    for html in (page, piece):
        assert f'src="/assets/{row.id}"' in html
        assert "A heron in the reeds" in html
        assert "Painter" in html
        assert f"/images?variation={row.id}" in html
        assert "Nothing was charged" in html
    assert piece.startswith('<template data-swap="fill" data-target="viewer-body">')


def test_a_film_is_played_and_leads_to_its_own_studio(browser_of: Client, person: Person) -> None:
    wish = pictured.wish(person.id, "Waves", kind=Kind.FILM)
    film = pictured.asset(person.id, creation=wish, media_type="video/mp4")

    page = browser_of.get(f"/gallery/assets/{film.id}").content.decode()

    assert f'poster="/assets/{film.id}/poster"' in page
    assert f"/videos?from={wish.id}" in page
    assert "variation" not in page
    assert "/download" in page
    tile = browser_of.get("/gallery").content.decode()
    assert 'class="tile-film"' in tile


def test_a_strangers_work_is_as_missing_as_none(browser_of: Client) -> None:
    stranger = people.create_person(email="eve@example.org", password=PASSWORD)
    [row] = made(stranger.id)
    album_id = actions.create_album(person_id=stranger.id, name="Hers")

    for asset_id in (row.id, new_id()):
        assert browser_of.get(f"/gallery/assets/{asset_id}").status_code == 404
        answer = browser_of.post(f"/gallery/assets/{asset_id}/favourite", {"on": "yes"})
        assert answer.status_code == 404
        assert browser_of.get(f"/gallery/deletion?asset={asset_id}").status_code == 404
        assert browser_of.post("/gallery/deletion", {"asset": str(asset_id)}).status_code == 404
    assert browser_of.get(f"/gallery?album={album_id}").status_code == 404
    assert browser_of.post(f"/gallery/albums/{album_id}/deletion").status_code == 404
    assert Asset.objects.filter(id=row.id, favourite_at=None).exists()
    assert Album.objects.filter(id=album_id).exists()


def test_a_favourite_is_marked_and_unmarked(browser_of: Client, person: Person) -> None:
    [row] = made(person.id)
    path = f"/gallery/assets/{row.id}/favourite"

    answer = browser_of.post(path, {"on": "yes"})
    assert (answer.status_code, answer["Location"]) == (303, f"/gallery/assets/{row.id}")
    assert gallery.asset(person_id=person.id, asset_id=row.id).is_favourite

    piece = browser_of.post(path, {"on": "no"}, headers=FRAGMENT).content.decode()
    assert 'aria-pressed="false"' in piece
    assert not gallery.asset(person_id=person.id, asset_id=row.id).is_favourite
    assert browser_of.post(path, {"on": "maybe"}).status_code == 422


def test_several_go_into_an_album_and_out_again(browser_of: Client, person: Person) -> None:
    rows = made(person.id, number=3)
    leads = browser_of.post("/gallery/albums", {"name": "  At   sea "})["Location"]
    album = Album.objects.get()
    assert leads == f"/gallery?album={album.id}"

    def chosen(act: str) -> dict[str, object]:
        return {"act": act, "album": str(album.id), "asset": ids(rows[:2]), "next": "/gallery"}

    assert browser_of.post("/gallery/selection", chosen("put-in"))["Location"] == "/gallery"
    page = browser_of.get(leads).content.decode()
    assert "<h1>At sea</h1>" in page
    assert sorted(shown(page)) == sorted(ids(rows[:2]))
    browser_of.post("/gallery/selection", chosen("take-out"))
    assert not AlbumEntry.objects.exists()
    browser_of.post("/gallery/selection", chosen("favourite"))
    assert Asset.objects.exclude(favourite_at=None).count() == 2


def test_an_album_is_renamed_and_deleted_and_its_works_stay(
    browser_of: Client, person: Person
) -> None:
    [row] = made(person.id)
    album_id = actions.create_album(person_id=person.id, name="Old")
    actions.put_in_album(person_id=person.id, album_id=album_id, asset_ids=[row.id])

    browser_of.post(f"/gallery/albums/{album_id}/name", {"name": "New"})
    assert gallery.album(person_id=person.id, album_id=album_id).name == "New"
    assert browser_of.post(f"/gallery/albums/{album_id}/name", {"name": " "}).status_code == 422

    assert "“New”" in browser_of.get(f"/gallery/albums/{album_id}/deletion").content.decode()
    assert Album.objects.exists()
    browser_of.post(f"/gallery/albums/{album_id}/deletion")
    assert not Album.objects.exists()
    assert Asset.objects.filter(id=row.id).exists()


def test_several_are_deleted_once_it_is_meant(browser_of: Client, person: Person) -> None:
    rows = made(person.id, number=3)
    chosen = {"asset": ids(rows[:2]), "act": "delete"}

    asked = browser_of.post("/gallery/selection", chosen).content.decode()
    assert "All 2 are deleted" in asked
    assert Asset.objects.count() == 3

    answer = browser_of.post("/gallery/deletion", chosen)
    assert (answer.status_code, answer["Location"]) == (303, "/gallery")
    assert Asset.objects.get().id == rows[2].id
    piece = browser_of.post("/gallery/deletion", {"asset": ids(rows[2:])}, headers=FRAGMENT)
    assert f'data-swap="remove" data-target="tile-{rows[2].id}"' in piece.content.decode()
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"act": "delete"}, "Choose one or more images first."),
        ({"act": "delete", "asset": "nothing"}, "Choose one or more images first."),
        ({"act": "sell", "asset": str(new_id())}, "Nothing was chosen that could be done."),
        ({"act": "put-in", "asset": str(new_id())}, "Choose an album first"),
        ({"act": "delete", "asset": [str(new_id()) for _ in range(501)]}, "at most 500"),
    ],
)
def test_what_cannot_be_done_is_said_in_plain_words(
    browser_of: Client, given: dict[str, object], sentence: str
) -> None:
    answer = browser_of.post("/gallery/selection", given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("path", ["/gallery", "/images", f"/gallery/assets/{UUID(int=1)}"])
def test_a_stranger_is_asked_to_log_in(visitor: Client, path: str) -> None:
    assert visitor.get(path)["Location"].startswith("/account/login/?next=")
