"""The archive of a person's data: everything is in it, only they get it, and only once."""

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import jsonschema
import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.core.worker import Worker
from bluegpt.privacy.errors.archives import ArchiveGone, ArchiveUnderWay
from bluegpt.privacy.models import Archive, ArchivePiece
from bluegpt.privacy.queries import archive_schemas, rows
from bluegpt.privacy.queries.archives import archive_of
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import archive_pieces, archives
from bluegpt.privacy.types.archives import ArchiveKind, ArchiveState
from bluegpt.privacy.types.requests import Channel
from bluegpt.vault.errors import CannotOpen, UnknownFile
from bluegpt.vault.models import ClassKey
from bluegpt.vault.services import files
from tests.privacy.belongings import (
    EVERY_TEXT,
    Belongings,
    call_of,
    picture,
    settle_down,
)

CONVERSATIONS = ("conversations", "messages", "attachments")
GALLERY = ("creations", "assets", "albums", "album_entries")

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


def made(person_id: UUID, kind: ArchiveKind = ArchiveKind.ACCESS, language: str = "en") -> UUID:
    archive_id = archives.ask(person_id=person_id, kind=kind, language=language)
    Worker().run_pending()
    return archive_id


def taken(person_id: UUID, archive_id: UUID) -> zipfile.ZipFile:
    archives.take(person_id=person_id, archive_id=archive_id)

    async def whole() -> bytes:
        stream = archives.stream(person_id=person_id, archive_id=archive_id)
        return b"".join([piece async for piece in stream])

    return zipfile.ZipFile(io.BytesIO(async_to_sync(whole)()))


def whole_archive(person_id: UUID, language: str = "en") -> zipfile.ZipFile:
    return taken(person_id, made(person_id, language=language))


def document(archive: zipfile.ZipFile, path: str) -> Any:
    return json.loads(archive.read(path))


def test_every_row_of_the_person_and_every_word_is_in_the_archive(ada: Belongings) -> None:
    archive = whole_archive(ada.person.id)

    text = "\n".join(
        archive.read(name).decode() for name in archive.namelist() if name.endswith(".json")
    )
    counts = document(archive, "archive.json")["counts"]
    assert [
        each for each in EVERY_TEXT if json.dumps(each, ensure_ascii=False)[1:-1] not in text
    ] == []
    assert set(counts) == {table.model for table in rows.archived_tables()}
    for table in rows.archived_tables():
        mine = rows.model_of(table)._default_manager.filter(**{table.person_path: ada.person.id})
        # The download itself ends the archive, and is a case of the desk.
        mine = mine.exclude(channel=Channel.ACT) if table.model == "privacy.Request" else mine
        if table.model == "privacy.RequestStep":
            mine = mine.exclude(request__channel=Channel.ACT)
        if table.model != "privacy.Archive":
            assert (
                counts[table.model]
                == mine.count()
                == len(document(archive, archive_schemas.path_of(table)))
            )
    assert counts["studio.Message"] == 3
    assert counts["privacy.Disclosure"] == 2


def test_nothing_of_anybody_else_is_in_it(ada: Belongings) -> None:
    other = settle_down("grace@example.org")

    archive = whole_archive(ada.person.id)

    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert str(other.person.id).encode() not in everything
    assert b"grace@example.org" not in everything


def test_secrets_are_named_and_not_told(ada: Belongings) -> None:
    archive = whole_archive(ada.person.id)

    everything = b"".join(archive.read(name) for name in archive.namelist())
    (key,) = document(archive, "data/accounts.apikey.json")
    assert key["name"] == "My cookbook"
    assert "secret_sha256" not in key
    assert ada.person.password.encode() not in everything
    assert ada.secret.encode() not in everything


def test_files_are_in_it_as_they_are(ada: Belongings) -> None:
    archive = whole_archive(ada.person.id)

    (row,) = document(archive, "data/studio.attachment.json")
    assert row["file"] == f"media/{ada.attachment_id}.png"
    assert archive.read(row["file"])[:8] == picture()[:8]


def test_every_file_of_data_is_as_its_published_schema_says(ada: Belongings) -> None:
    archive = whole_archive(ada.person.id)

    schema = document(archive, "schema.json")
    jsonschema.validate(document(archive, "archive.json"), schema)
    for path, rows_schema in schema["$defs"].items():
        checker = jsonschema.Draft202012Validator(
            rows_schema, format_checker=jsonschema.FormatChecker()
        )
        assert list(checker.iter_errors(document(archive, path))) == [], path


def test_it_tells_what_article_15_asks_for(ada: Belongings) -> None:
    archive = whole_archive(ada.person.id, language="fr")

    told = document(archive, "archive.json")
    (openai,) = told["recipients"]
    assert (openai["company"], openai["country"], openai["times"]) == (
        manifest().recipients["openai"].company.fr,  # type: ignore[union-attr]
        "US",
        2,
    )
    assert {each["key"] for each in told["purposes"]} == set(manifest().purposes)
    assert len(told["retention"]) == len(manifest().retention)
    assert told["authority"]["name"] == manifest().operator.authority
    assert told["policy_digest"] == manifest().digest
    assert any("plainte" in right for right in told["rights"])


def test_each_field_says_where_it_comes_from(ada: Belongings) -> None:
    archive = whole_archive(ada.person.id)

    definitions = document(archive, "schema.json")["$defs"]
    sources = {
        (path, name): column["description"]
        for path, definition in definitions.items()
        for name, column in definition["items"]["properties"].items()
    }
    assert all(sources.values())
    assert sources["data/accounts.person.json", "email"] == "You gave it"
    assert sources["data/studio.call.json", "input_tokens"] == "The service made it for you"
    assert sources["data/usersessions.usersession.json", "ip"].startswith("Observed")


def test_the_pages_need_neither_a_script_nor_a_connection(ada: Belongings) -> None:
    archive = whole_archive(ada.person.id, language="fr")

    names = set(archive.namelist())
    pages = [name for name in names if name.endswith(".html")]
    index = archive.read("index.html").decode()
    talk = archive.read(f"pages/conversations/{ada.conversation_id}.html").decode()
    assert '<html lang="fr">' in index
    assert "&lt;b&gt;é&lt;/b&gt;" in talk
    for page in pages:
        text = archive.read(page).decode()
        assert "<script" not in text
        assert " style=" not in text
        for link in re.findall(r'(?:src|href)="([^"]+)"', text):
            if not link.startswith("https://"):
                assert _beside(page, link) in names, f"{page} leads to {link}"


def _beside(page: str, link: str) -> str:
    steps = page.split("/")[:-1]
    for step in link.split("/"):
        steps = steps[:-1] if step == ".." else [*steps, step]
    return "/".join(steps)


def test_an_answer_says_under_whose_terms_it_is_the_persons(ada: Belongings) -> None:
    archive = whole_archive(ada.person.id)

    talk = archive.read(f"pages/conversations/{ada.conversation_id}.html").decode()
    assert manifest().recipients["openai"].terms_url in talk


def test_it_can_be_taken_once(ada: Belongings) -> None:
    archive_id = made(ada.person.id)
    pieces = list(ArchivePiece.objects.values_list("file_key", flat=True))
    taken(ada.person.id, archive_id)

    with pytest.raises(ArchiveGone):
        archives.take(person_id=ada.person.id, archive_id=archive_id)

    assert not Archive.objects.exists()
    assert not ClassKey.objects.filter(data_class=DataClass.ARCHIVE).exists()
    for key in pieces:
        with pytest.raises((UnknownFile, CannotOpen)):
            async_to_sync(files.get)(
                key, person_id=ada.person.id, data_class=DataClass.ARCHIVE, context="any"
            )


def test_nobody_else_can_take_it(ada: Belongings) -> None:
    other = settle_down("grace@example.org")
    archive_id = made(ada.person.id)

    with pytest.raises(ArchiveGone):
        archives.take(person_id=other.person.id, archive_id=archive_id)

    assert archive_of(ada.person.id) is not None


def test_one_that_nobody_takes_is_gone_after_two_days(ada: Belongings) -> None:
    archive_id = made(ada.person.id)

    with time_machine.travel(clock.now() + timedelta(days=2, seconds=1), tick=False):
        with pytest.raises(ArchiveGone):
            archives.take(person_id=ada.person.id, archive_id=archive_id)
        assert archives.sweep() == 1

    assert not Archive.objects.exists()
    assert not ArchivePiece.objects.exists()
    assert not ClassKey.objects.filter(data_class=DataClass.ARCHIVE).exists()


def test_one_that_was_cancelled_leaves_nothing(ada: Belongings) -> None:
    made(ada.person.id)

    archives.cancel(person_id=ada.person.id)

    assert not Archive.objects.exists()
    assert not ArchivePiece.objects.exists()
    assert not ClassKey.objects.filter(data_class=DataClass.ARCHIVE).exists()


def test_one_that_is_cancelled_while_it_is_made_leaves_nothing(
    ada: Belongings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_pieces, "PIECE_BYTES", 1_000)
    archive_id = archives.ask(person_id=ada.person.id, kind=ArchiveKind.ACCESS, language="en")
    put = archive_pieces.PieceWriter._put

    def put_and_cancel(writer: Any, piece: bytes) -> None:
        put(writer, piece)
        if writer._number == 3:
            archives.cancel(person_id=ada.person.id)

    monkeypatch.setattr(archive_pieces.PieceWriter, "_put", put_and_cancel)
    archives.make(archive_id)

    assert not Archive.objects.exists()
    assert not ArchivePiece.objects.exists()
    assert not ClassKey.objects.filter(data_class=DataClass.ARCHIVE).exists()


def test_a_job_that_died_begins_again_and_leaves_no_piece_behind(
    ada: Belongings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_pieces, "PIECE_BYTES", 1_000)
    archive_id = archives.ask(person_id=ada.person.id, kind=ArchiveKind.ACCESS, language="en")
    put = archive_pieces.PieceWriter._put

    def put_twice(writer: Any, piece: bytes) -> None:
        put(writer, piece)
        if writer._number == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(archive_pieces.PieceWriter, "_put", put_twice)
        with pytest.raises(KeyboardInterrupt):
            archives.make(archive_id)
    archives.make(archive_id)

    assert taken(ada.person.id, archive_id).testzip() is None
    assert not ArchivePiece.objects.exists()


def test_a_second_one_is_refused_while_there_is_one(ada: Belongings) -> None:
    made(ada.person.id)

    with pytest.raises(ArchiveUnderWay):
        archives.ask(person_id=ada.person.id, kind=ArchiveKind.PORTABLE, language="en")


def test_a_mail_comes_before_anything_is_made(ada: Belongings) -> None:
    archives.ask(person_id=ada.person.id, kind=ArchiveKind.ACCESS, language="en")
    Worker().run_pending()

    asked, ready = mail.outbox
    assert asked.to == [ada.person.email]
    assert "demandée" in asked.subject
    assert "prête" in ready.subject
    archive = Archive.objects.get()
    assert archive.state == ArchiveState.READY
    assert archive.alerted_at is not None
    assert archive.ready_at is not None
    assert archive.alerted_at <= archive.ready_at


def test_no_query_is_made_per_row(ada: Belongings) -> None:
    with CaptureQueriesContext(connection) as few:
        made(ada.person.id)
    archives.cancel(person_id=ada.person.id)
    for _number in range(30):
        call_of(ada.person.id)

    with CaptureQueriesContext(connection) as many:
        made(ada.person.id)

    assert abs(len(many) - len(few)) <= 3


def test_what_can_be_taken_elsewhere_is_as_its_published_schema_says(ada: Belongings) -> None:
    archive = taken(ada.person.id, made(ada.person.id, ArchiveKind.PORTABLE))

    schema = document(archive, "schema.json")
    kinds = document(archive, "portable.json")["kinds"]
    assert set(kinds) == {"settings", *CONVERSATIONS, *GALLERY}
    for kind in kinds:
        jsonschema.validate(document(archive, f"{kind}.json"), schema["$defs"][f"{kind}.json"])
    first, _second, third = document(archive, "messages.json")
    assert third["parent_id"] == first["id"]
    assert third["made_by"]["terms_url"] == manifest().recipients["openai"].terms_url
    (file,) = document(archive, "attachments.json")
    assert archive.read(file["file"])[:8] == picture()[:8]
