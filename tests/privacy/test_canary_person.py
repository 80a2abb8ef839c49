"""Somebody with a row in every table: the archive has it all, erasure leaves what it says."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connections
from django.utils import translation
from pytest_django.fixtures import Settings

from bluegpt.core.personal_data import declared
from bluegpt.core.remains import cut_off_log
from bluegpt.core.worker import Worker
from bluegpt.privacy.models import RequestStep
from bluegpt.privacy.queries.archives import archive_of
from bluegpt.privacy.queries.rows import archived_tables, model_of
from bluegpt.privacy.services import erasing
from bluegpt.privacy.types.receipts import ErasureScope
from tests import canary
from tests.privacy import canary_person
from tests.privacy.belongings import EVERY_TEXT
from tests.privacy.canary_person import CanaryPerson
from tests.privacy.test_archives import taken
from tests.privacy.test_erasing import receipt_of_last_mail

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
# Random ids without anything else, by which a restored backup is erased again; they end by the
# rule `erasures`.
JOURNAL = {"core.AppliedErasure", "vault.Erasure", "vault.Tombstone"}


@pytest.fixture
def heron() -> CanaryPerson:
    return canary_person.in_every_table()


def test_no_declared_table_is_without_a_canary(heron: CanaryPerson) -> None:
    empty = {model for model, count in canary_person.rows_of(heron.id).items() if not count}

    assert empty == canary_person.MADE_BY_ERASURE


def test_the_archive_has_every_canary_and_no_secret(heron: CanaryPerson) -> None:
    waiting = archive_of(heron.id)
    assert waiting is not None

    archive = taken(heron.id, waiting.id)

    text = b"\n".join(archive.read(name) for name in archive.namelist()).decode("latin-1")
    tables = {table.model: table for table in archived_tables()}
    planted = {**heron.clear, **heron.sealed}
    carried = {
        place: words
        for place, words in planted.items()
        if place[0] in tables and place[1] not in tables[place[0]].withheld
    }
    assert len({model for model, _column in carried}) > 10
    assert [place for place, words in carried.items() if words not in text] == []
    assert [place for place in set(planted) - set(carried) if planted[place] in text] == []


def test_an_erased_account_leaves_what_the_receipt_lists_and_no_byte_more(
    heron: CanaryPerson,
) -> None:
    # given somebody whom the search itself finds
    address = heron.belongings.person.email
    folder = Path(settings.BLUEGPT.site.data_dir)
    assert (
        canary.hits(address, below=folder, since=heron.since)
        or connections["default"].vendor != "sqlite"
    )

    # when
    erasing.order(person_id=heron.id, scope=ErasureScope.ACCOUNT, typed=address, language="en")
    Worker().run_pending()
    assert cut_off_log()

    # then, in every column of every table
    stays = _listed(receipt_of_last_mail())
    ended = [words for (model, _column), words in heron.clear.items() if model not in stays]
    gone = (*ended, *heron.sealed.values(), *EVERY_TEXT, address)
    assert ended
    assert _tables_with(*gone) == set()
    assert _tables_with(heron.id.hex, str(heron.id)) <= stays | JOURNAL

    # and in every byte on the disk, the free pages and the write-ahead logs included
    planted = (*ended, *heron.sealed.values(), address)
    assert canary.hits(*planted, below=folder, since=heron.since) == []
    assert not any(words in str(letter.body) for letter in mail.outbox for words in gone[:-1])
    assert not any(words in repr(vars(cache)) for words in gone)


def test_of_what_was_written_to_an_erased_person_the_receipt_alone_lies_in_the_folder(
    heron: CanaryPerson, tmp_path: Path, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "bluegpt.mailroom.adapters.folder.FolderBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    address = heron.belongings.person.email
    mail.send_mail("About you", "the heron under the seventh bridge", None, [address])

    erasing.order(person_id=heron.id, scope=ErasureScope.ACCOUNT, typed=address, language="en")
    Worker().run_pending()

    (receipt,) = tmp_path.iterdir()
    letter = receipt.read_text()
    assert "/privacy/receipts/" in letter
    assert "seventh bridge" not in letter


def test_a_step_of_a_request_loses_its_words_and_changes_in_nothing_else(
    heron: CanaryPerson,
) -> None:
    steps = RequestStep.objects.filter(request__person_id=heron.id)

    for change in ({"code": "another"}, {"words_sealed": b"others"}):
        with pytest.raises(IntegrityError):
            steps.update(**change)

    assert steps.update(words_sealed=b"") == 1


def _listed(receipt: dict[str, Any]) -> set[str]:
    """The tables that a receipt says stay."""
    names = {each["name"] for each in receipt["stays"]}
    with translation.override("en"):
        return {table.model for table in declared() if table.name and str(table.name) in names}


def _tables_with(*words: str) -> set[str]:
    """The tables of both databases in which one of these can be read, in any column."""
    models = {model_of(table)._meta.db_table: table.model for table in declared()}
    found = set()
    for alias in connections:
        connection = connections[alias]
        with connection.cursor() as cursor:
            for name in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608
                if any(_is_in(value, words) for row in cursor.fetchall() for value in row):
                    found.add(models.get(name, name))
    return found


def _is_in(value: Any, words: tuple[str, ...]) -> bool:
    if isinstance(value, (bytes, memoryview)):
        text = bytes(value).decode("latin-1")
    else:
        text = value.hex if isinstance(value, UUID) else str(value)
    return any(word in text for word in words)
