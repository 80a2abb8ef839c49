"""Nothing of a gallery lies on the disk in clear: prompts, names, files, previews, refs."""

import time
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings

from bluegpt.studio.flows import assets
from bluegpt.studio.models import Asset
from bluegpt.studio.services import gallery as actions
from bluegpt.studio.types.media import Kind
from bluegpt.vault.services import files
from tests import canary
from tests.privacy.belongings import settle_down
from tests.studio import pictured

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

PARTS: tuple[assets.Part, ...] = ("file", "thumbnail", "poster")
PLACES = ("prompt", "album", "name", "ref", *PARTS)
WORDS = {place: f"the {place} of the crane that nests below lock nineteen" for place in PLACES}


def test_nothing_of_a_gallery_lies_anywhere_in_clear() -> None:
    started_at = time.time() - 1
    me = settle_down().person.id
    wish = pictured.wish(me, WORDS["prompt"], kind=Kind.FILM)
    pictured.film_job(wish, ref=WORDS["ref"])
    row = pictured.asset(me, creation=wish, name=WORDS["name"], media_type="video/mp4")
    for part in PARTS:
        key = _noted_key(row, part)
        async_to_sync(assets.put)(me, row.id, part, WORDS[part].encode() * 50, key=key)
    actions.put_in_album(
        person_id=me,
        album_id=actions.create_album(person_id=me, name=WORDS["album"]),
        asset_ids=[row.id],
    )

    # what was written can be read by its owner, and by nobody who reads the disk
    _view, whole = async_to_sync(assets.whole)(person_id=me, asset_id=row.id)
    assert WORDS["file"].encode() in whole
    folder = Path(settings.BLUEGPT.site.data_dir)
    assert list((folder / "files").rglob("*"))
    assert canary.hits(*WORDS.values(), below=folder, temp_since=started_at) == []


def _noted_key(row: Asset, part: str) -> str:
    """A new key for a part, noted in its row."""
    key = files.new_key()
    Asset.objects.filter(id=row.id).update(**{f"{part}_key": key, "size_bytes": 50 * 60})
    return key
