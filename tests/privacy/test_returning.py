"""An archive that comes back: all of it or nothing, once, under the keys of its new owner."""

import hashlib
import io
import json
import re
import zipfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core.personal_data import DataClass
from bluegpt.core.worker import Worker
from bluegpt.ops.commands import privacy_import
from bluegpt.privacy.errors.archives import AccountNotEmpty, ArchiveUnderWay
from bluegpt.privacy.errors.choices import UseRestricted
from bluegpt.privacy.models import Archive, ArchivePiece, ArchiveReturn
from bluegpt.privacy.queries.archives import return_of
from bluegpt.privacy.services import archive_pieces, archive_reading, archives, choices, returning
from bluegpt.privacy.types.archives import ArchiveKind
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.studio.services import returning as studio_returning
from bluegpt.vault.services import files
from tests.privacy.belongings import PASSWORD, Belongings, settle_down

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]

Change = Callable[[dict[str, bytes]], None]
NO_GALLERY = {"creations": 0, "assets": 0, "albums": 0, "album_entries": 0}
_IDS = ("id", "conversation_id", "parent_id", "leaf_id", "message_id")


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


@pytest.fixture
def grace() -> Person:
    return people.create_person(email="grace@example.org", password=PASSWORD)


def portable(person_id: UUID) -> bytes:
    archive_id = archives.ask(person_id=person_id, kind=ArchiveKind.PORTABLE, language="en")
    Worker().run_pending()
    archives.take(person_id=person_id, archive_id=archive_id)

    async def whole() -> bytes:
        stream = archives.stream(person_id=person_id, archive_id=archive_id)
        return b"".join([piece async for piece in stream])

    return async_to_sync(whole)()


def brought(person_id: UUID, data: bytes, *, run: bool = True) -> UUID:
    chunks = (data[start : start + 1_000] for start in range(0, len(data), 1_000))
    return_id = returning.bring(person_id=person_id, chunks=chunks, language="en")
    if run:
        Worker().run_pending()
    return return_id


def compared(data: bytes) -> dict[str, Any]:
    """Everything in a portable archive but ids, instants of making, and the account.

    An id becomes the place of the record it names, so that the shape of the trees is compared.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    read = {
        kind: json.loads(archive.read(f"{kind}.json"))
        for kind in ("settings", "conversations", "messages", "attachments")
    }
    places = {
        record["id"]: f"{kind} {number}"
        for kind, records in read.items()
        for number, record in enumerate(records)
        if "id" in record
    }
    for records in read.values():
        for record in records:
            record.pop("email", None)
            for name in set(record) & set(_IDS):
                record[name] = places.get(record[name], record[name])
            if "file" in record:
                record["file"] = archive.read(record["file"])
    return read


def altered(data: bytes, change: Change, *, digests: bool = True) -> bytes:
    """The archive with its entries changed; `digests` makes them fit again."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    if digests:
        entries["digests.json"] = json.dumps(
            {
                name: hashlib.sha256(body).hexdigest()
                for name, body in entries.items()
                if name != "digests.json"
            }
        ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as again:
        for name, body in entries.items():
            again.writestr(name, body)
    return out.getvalue()


def rows_of(person_id: UUID) -> tuple[int, ...]:
    return tuple(
        model.objects.filter(person_id=person_id).count()
        for model in (Conversation, Message, Attachment)
    )


def refusal_of(person_id: UUID) -> str:
    told = return_of(person_id)
    assert told is not None
    return told.refusal


def test_what_was_taken_away_comes_back_equal_but_for_ids_and_the_account(
    ada: Belongings, grace: Person
) -> None:
    first = portable(ada.person.id)

    brought(grace.id, first)

    second = portable(grace.id)
    assert compared(second) == compared(first)
    told = return_of(grace.id)
    assert told is not None
    assert (told.refusal, dict(told.counts)) == (
        "",
        {"settings": 1, "conversations": 1, "messages": 3, "attachments": 1, **NO_GALLERY},
    )
    assert not Call.objects.filter(person_id=grace.id).exists()
    assert not Archive.objects.exists()


def test_it_is_sealed_under_the_keys_of_whoever_brings_it(ada: Belongings, grace: Person) -> None:
    brought(grace.id, portable(ada.person.id))

    mine = Attachment.objects.get(person_id=grace.id)
    assert mine.id != ada.attachment_id
    assert mine.file_key != ada.file_key
    data = async_to_sync(files.get)(
        mine.file_key,
        person_id=grace.id,
        data_class=DataClass.CONTENT,
        context=f"studio.attachment.file:{mine.id}",
    )
    assert len(data) == mine.size_bytes


def test_the_same_archive_a_second_time_changes_nothing(ada: Belongings, grace: Person) -> None:
    archive = portable(ada.person.id)
    first = brought(grace.id, archive)
    before = set(Message.objects.filter(person_id=grace.id).values_list("id", flat=True))

    second = brought(grace.id, archive)

    assert second == first
    assert set(Message.objects.filter(person_id=grace.id).values_list("id", flat=True)) == before
    assert refusal_of(grace.id) == ""


def test_what_was_deleted_since_comes_back_under_new_ids(ada: Belongings, grace: Person) -> None:
    archive = portable(ada.person.id)
    brought(grace.id, archive)
    before = Conversation.objects.get(person_id=grace.id).id
    Attachment.objects.filter(person_id=grace.id).delete()
    Conversation.objects.filter(person_id=grace.id).delete()

    brought(grace.id, archive)

    assert rows_of(grace.id) == (1, 3, 1)
    assert Conversation.objects.get(person_id=grace.id).id != before


def test_a_run_that_was_cut_off_goes_on_when_it_is_repeated(
    ada: Belongings, grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = portable(ada.person.id)
    return_id = brought(grace.id, first, run=False)
    archive_id = Archive.objects.get().id
    with monkeypatch.context() as dying:
        dying.setattr(studio_returning, "_attach", _die)
        with pytest.raises(KeyboardInterrupt):
            returning.take_in(archive_id, return_id)
    assert rows_of(grace.id) == (1, 3, 0)

    returning.take_in(archive_id, return_id)

    assert compared(portable(grace.id)) == compared(first)


def test_one_that_was_cut_off_for_good_goes_on_when_it_is_brought_again(
    ada: Belongings, grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = portable(ada.person.id)
    return_id = brought(grace.id, archive, run=False)
    with monkeypatch.context() as dying:
        dying.setattr(studio_returning, "_attach", _die)
        with pytest.raises(KeyboardInterrupt):
            returning.take_in(Archive.objects.get().id, return_id)
    archives.cancel(person_id=grace.id)

    assert brought(grace.id, archive) == return_id

    assert compared(portable(grace.id)) == compared(archive)


def _die(*_told: object) -> Iterator[None]:
    raise KeyboardInterrupt


def test_one_that_is_cancelled_writes_no_further_batch(
    ada: Belongings, grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    return_id = brought(grace.id, portable(ada.person.id), run=False)
    archive_id = Archive.objects.get().id
    make = studio_returning._message

    def make_and_cancel(*told: Any) -> Message:
        archives.cancel(person_id=grace.id)
        return make(*told)

    monkeypatch.setattr(studio_returning, "_message", make_and_cancel)
    returning.take_in(archive_id, return_id)

    assert rows_of(grace.id)[1:] == (0, 0)
    assert not ArchivePiece.objects.exists()


def _without(name: str) -> Change:
    def change(entries: dict[str, bytes]) -> None:
        del entries[name]

    return change


def _with(name: str, body: bytes) -> Change:
    return lambda entries: entries.update({name: body})


def _swapped(kind: str, old: bytes, new: bytes) -> Change:
    def change(entries: dict[str, bytes]) -> None:
        assert old in entries[kind]
        entries[kind] = entries[kind].replace(old, new)

    return change


def _no_picture(entries: dict[str, bytes]) -> None:
    entries.update({name: b"MZ" for name in entries if name.startswith("media/")})


@pytest.mark.parametrize(
    "change",
    [
        _without("messages.json"),
        _with("../escape.json", b"[]"),
        _with("media/../../etc/passwd", b"x"),
        _with("more.json", b"[]"),
        _with("messages.json", b"[\n{not json}\n]\n"),
        _with("messages.json", b"[\n{}\n]\n"),
        _swapped("messages.json", b'"role":"user"', b'"role":"system"'),
        _swapped("messages.json", b'"terms_url":"https', b'"terms_url":"gopher'),
        _swapped("conversations.json", b'"leaf_id":"0', b'"leaf_id":"f'),
        _swapped("conversations.json", b'"created_at":"2', b'"created_at":"x'),
        _swapped("attachments.json", b'"image/png"', b'"image/jpeg"'),
        _swapped("portable.json", b"bluegpt-portable-1", b"bluegpt-archive-1"),
        _no_picture,
    ],
)
def test_a_broken_archive_is_refused_in_words_and_leaves_nothing(
    ada: Belongings, grace: Person, change: Change
) -> None:
    brought(grace.id, altered(portable(ada.person.id), change))

    assert refusal_of(grace.id) == "archive_broken"
    assert rows_of(grace.id) == (0, 0, 0)
    assert not Archive.objects.exists()


@pytest.mark.parametrize(
    "data", [b"", b"no archive", b"PK\x05\x06" + bytes(18), b"PK\x03\x04" + bytes(2_000)]
)
def test_what_is_no_archive_at_all_is_refused(grace: Person, data: bytes) -> None:
    brought(grace.id, data)

    assert refusal_of(grace.id) == "archive_broken"


def test_a_word_changed_on_the_way_is_noticed(ada: Belongings, grace: Person) -> None:
    change = _swapped("messages.json", b"trembling", b"shivering")

    brought(grace.id, altered(portable(ada.person.id), change, digests=False))

    assert refusal_of(grace.id) == "archive_broken"


def test_a_small_file_that_would_become_a_large_one_is_not_opened(
    ada: Belongings, grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = portable(ada.person.id)
    monkeypatch.setattr(archive_reading, "ARCHIVE_BYTES_MAX", 1_000)

    brought(grace.id, archive)

    assert refusal_of(grace.id) == "archive_too_large"
    assert rows_of(grace.id) == (0, 0, 0)


def test_an_account_with_conversations_of_its_own_takes_none_in(ada: Belongings) -> None:
    brought(ada.person.id, portable(ada.person.id))

    assert refusal_of(ada.person.id) == "account_not_empty"
    assert rows_of(ada.person.id) == (1, 3, 1)


def test_a_frozen_account_takes_nothing_in(ada: Belongings, grace: Person) -> None:
    archive = portable(ada.person.id)
    choices.restrict(person_id=grace.id)

    with pytest.raises(UseRestricted):
        brought(grace.id, archive)

    assert not ArchiveReturn.objects.exists()


def test_one_archive_at_a_time(ada: Belongings, grace: Person) -> None:
    archive = portable(ada.person.id)
    brought(grace.id, archive, run=False)

    with pytest.raises(ArchiveUnderWay):
        brought(grace.id, archive)


def test_the_page_takes_it_and_says_what_came_back_and_what_cannot(
    ada: Belongings, grace: Person, client: Client
) -> None:
    archive = portable(ada.person.id)
    client.login(email=grace.email, password=PASSWORD)
    file = SimpleUploadedFile("archive.zip", archive, "application/zip")

    answer = client.post("/account/privacy/archive/return", {"archive": file})
    assert answer.status_code == 302
    Worker().run_pending()

    page = render_to_string("privacy/_archive_return.html", {"returned": return_of(grace.id)})
    assert "conversations 1, messages 3, attachments 1" in page
    assert "do not come back" in page
    assert rows_of(grace.id) == (1, 3, 1)


def test_the_command_takes_it_in_and_says_why_not(
    ada: Belongings, grace: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "archive.zip"
    file.write_bytes(portable(ada.person.id))

    assert privacy_import.take_in(Namespace(email=grace.email, file=file)) == 0
    assert privacy_import.take_in(Namespace(email=ada.person.email, file=file)) == 1

    said = capsys.readouterr().out
    assert re.search(r"messages +3", said)
    assert str(AccountNotEmpty.sentence) in said
    assert rows_of(grace.id) == (1, 3, 1)


def test_it_is_read_from_pieces_of_any_size(
    ada: Belongings, grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = portable(ada.person.id)
    monkeypatch.setattr(archive_pieces, "PIECE_BYTES", 333)

    brought(grace.id, archive)

    assert rows_of(grace.id) == (1, 3, 1)
