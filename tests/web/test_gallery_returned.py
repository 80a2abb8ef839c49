"""What came back in an archive has no paid call here, and is shown like everything else."""

import json

import pytest
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.studio.models import Asset, Conversation, Creation
from bluegpt.studio.types.media import Kind
from tests.privacy.belongings import settle_down
from tests.privacy.test_gallery_archives import hang_up
from tests.privacy.test_returning import altered, brought, portable, refusal_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture
def returned(person: Person) -> list[Asset]:
    """Grace's gallery, brought into the person's account."""
    brought(person.id, portable(hang_up(settle_down("grace@example.org")).person_id))
    assert refusal_of(person.id) == ""
    return list(Asset.objects.filter(person_id=person.id))


def test_every_page_shows_it(browser_of: Client, person: Person, returned: list[Asset]) -> None:
    wishes = Creation.objects.filter(person_id=person.id)
    talk = Conversation.objects.get(person_id=person.id)
    for address in (
        "/images",
        "/videos",
        "/gallery",
        "/gallery?words=heron",
        f"/conversations/{talk.id}",
        *(f"/images?from={row.id}" for row in wishes.filter(kind=Kind.PICTURE)),
        *(f"/videos?from={row.id}" for row in wishes.filter(kind=Kind.FILM)),
        *(f"/gallery/assets/{row.id}" for row in returned),
        *(f"/assets/{row.id}/thumbnail" for row in returned),
    ):
        assert browser_of.get(address).status_code == 200, address


def test_it_says_who_made_it_and_names_no_cost(
    browser_of: Client, person: Person, returned: list[Asset]
) -> None:
    picture = next(row for row in returned if row.kind == Kind.PICTURE and row.creation_id)
    page = browser_of.get(f"/gallery/assets/{picture.id}").content.decode()

    assert "Painter" in page
    assert "<dt>Coût</dt>" not in page  # her settings came along, so it is in French
    assert "<dt>Modèle</dt>" in page
    assert Creation.objects.get(id=picture.creation_id or "").call_id is None


def test_settings_that_somebody_made_up_break_no_page(browser_of: Client, person: Person) -> None:
    told = {
        "size": 5,
        "number": "x",
        "quality": True,
        "format": "bmp",
        "seed": "y",
        "seconds": "z",
        "act": "dance",
        "style": "<script>",
        "unheard_of": 1,
    }
    made_up = [{"name": name, "value": value} for name, value in told.items()]

    def change(entries: dict[str, bytes]) -> None:
        wishes = json.loads(entries["creations.json"])
        lines = [json.dumps(wish | {"settings": made_up}) for wish in wishes]
        entries["creations.json"] = ("[\n" + ",\n".join(lines) + "\n]\n").encode()

    theirs = portable(hang_up(settle_down("grace@example.org")).person_id)
    brought(person.id, altered(theirs, change))

    assert refusal_of(person.id) == ""
    wishes = Creation.objects.filter(person_id=person.id)
    assert [row.settings for row in wishes] == [{}, {}, {}]
    for address in (
        "/images",
        "/videos",
        *(f"/images?from={row.id}" for row in wishes.filter(kind=Kind.PICTURE)),
        *(f"/videos?from={row.id}" for row in wishes.filter(kind=Kind.FILM)),
        *(f"/videos/{row.id}" for row in wishes.filter(kind=Kind.FILM)),
    ):
        assert browser_of.get(address).status_code == 200, address
