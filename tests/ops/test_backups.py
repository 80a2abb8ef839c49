"""Backups: whole, private, mortal; and what was erased does not come back with them."""

import sqlite3
import stat
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connections

from bluegpt.accounts.models import Person
from bluegpt.accounts.services.people import create_person
from bluegpt.core import clock
from bluegpt.core.erasures import ends
from bluegpt.core.personal_data import DataClass
from bluegpt.ops.backups import archives, making, pruning, restoring
from bluegpt.ops.errors import Complaint
from bluegpt.ops.jobs import prune_backups
from bluegpt.privacy.types.backups import BackupKind
from bluegpt.vault.errors import CannotOpen, ErasuresMissing, UnknownFile
from bluegpt.vault.models import ClassKey, Destruction, Erasure, Tombstone
from bluegpt.vault.services import erasures, files, keys, marks, seal
from bluegpt.vault.types import Standing
from tests import canary

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]

CONTENT = DataClass.CONTENT
DATA, VAULT = BackupKind.DATA, BackupKind.VAULT
PERSON = "tests.person"
WORDS = b"the ferryman counts eleven lanterns on the quay"


@ends(PERSON)
def _end_person(subject: str) -> None:
    Person.objects.filter(id=subject).delete()


@pytest.fixture(autouse=True)
def no_archives() -> Iterator[None]:
    """Each test begins and ends without a backup, and without a key in memory."""
    keys.forget_cached()
    yield
    keys.forget_cached()
    for archive in archives.archives_in(making.folder()):
        archive.path.unlink()


@pytest.fixture
def alice() -> UUID:
    """A person of the installation."""
    return create_person(email="alice@example.org", password="Correct-horse-9-battery").id


def sealed_for(person_id: UUID, words: bytes = WORDS) -> bytes:
    return seal.seal(words, person_id=person_id, data_class=CONTENT, context="c")


def opened_for(person_id: UUID, sealed: bytes) -> bytes:
    return seal.open_sealed(sealed, person_id=person_id, data_class=CONTENT, context="c")


def stored_for(person_id: UUID, words: bytes = WORDS) -> str:
    return async_to_sync(files.put)(words, person_id=person_id, data_class=CONTENT, context="file")


def fetched_for(person_id: UUID, key: str) -> bytes:
    return async_to_sync(files.get)(key, person_id=person_id, data_class=CONTENT, context="file")


def lose_everything(alias: str) -> None:
    """The rows of one database, as if it were new."""
    tables = {"default": (Person,), "vault": (ClassKey, Erasure, Destruction, Tombstone)}
    for table in tables[alias]:
        table.objects.all().delete()


def test_what_was_lost_comes_back_as_it_was(alice: UUID) -> None:
    sealed, file = sealed_for(alice), stored_for(alice)
    data, vault = making.make(DATA), making.make(VAULT)
    for alias in connections:
        lose_everything(alias)
    files.remove(file)
    keys.forget_cached()

    found = [restoring.restore(path, overwrite=False) for path in (data, vault)]

    assert found == [Standing(data_lacks=0, vault_lacks=0)] * 2
    assert Person.objects.get().email == "alice@example.org"
    assert opened_for(alice, sealed) == WORDS
    assert fetched_for(alice, file) == WORDS
    erasures.insist_on_replay()


def test_archives_are_their_owners_alone_and_leave_no_halves(alice: UUID) -> None:
    stored_for(alice)

    paths = [making.make(kind) for kind in BackupKind]

    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE(making.folder().stat().st_mode) == 0o700
    assert list(making.left_behind(making.folder())) == []
    assert {path.name.split("-")[0] for path in paths} == {"data", "vault"}


def test_the_root_key_is_in_no_archive_and_keys_are_only_in_the_vaults(alice: UUID) -> None:
    sealed_for(alice)
    stored_for(alice)
    wrapped = bytes(ClassKey.objects.get(person_id=alice, data_class=CONTENT).wrapped)
    root: bytes = (settings.BLUEGPT.site.data_dir / "root.key").read_bytes()

    data, vault = making.make(DATA).read_bytes(), making.make(VAULT).read_bytes()

    assert root not in data + vault
    assert wrapped not in data


def test_erased_data_comes_back_unreadable_unserved_and_ends_again(alice: UUID) -> None:
    sealed, file = sealed_for(alice), stored_for(alice)
    before = making.make(DATA)
    seal.destroy_keys(person_id=alice)
    erasures.erase(PERSON, alice)
    files.erase([file])

    restoring.put_back(before, overwrite=True)

    assert Person.objects.filter(id=alice).exists(), "the backup brings the row back"
    assert file in set(files.every_key()), "and the file"
    with pytest.raises(CannotOpen):
        opened_for(alice, sealed)
    with pytest.raises(ErasuresMissing):
        erasures.insist_on_replay()
    assert restoring.replay().data_lacks >= 3
    assert not Person.objects.filter(id=alice).exists()
    with pytest.raises(UnknownFile):
        fetched_for(alice, file)
    erasures.insist_on_replay()


def test_an_older_vault_brings_no_key_back(alice: UUID) -> None:
    sealed = sealed_for(alice)
    before = making.make(VAULT)
    seal.destroy_keys(person_id=alice)

    restoring.put_back(before, overwrite=True)

    keys.forget_cached()
    with pytest.raises(CannotOpen):
        opened_for(alice, sealed)
    assert not ClassKey.objects.filter(person_id=alice).exists()


def test_with_both_databases_lost_a_newer_archive_beside_still_knows_the_erasure(
    alice: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = sealed_for(alice)
    data, vault = making.make(DATA), making.make(VAULT)
    seal.destroy_keys(person_id=alice)
    erasures.erase(PERSON, alice)
    later = clock.now() + timedelta(seconds=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    making.make(VAULT)
    for alias in connections:
        lose_everything(alias)

    for path in (data, vault):
        restoring.restore(path, overwrite=True)

    keys.forget_cached()
    assert not Person.objects.filter(id=alice).exists()
    with pytest.raises(CannotOpen):
        opened_for(alice, sealed)


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.9])
def test_an_archive_with_one_changed_byte_changes_nothing(alice: UUID, place: float) -> None:
    stored_for(alice, WORDS * 100)
    path = making.make(DATA)
    whole = bytearray(path.read_bytes())
    whole[int(len(whole) * place)] ^= 1
    path.write_bytes(whole)

    with pytest.raises(Complaint, match="Nothing has changed"):
        restoring.restore(path, overwrite=True)

    assert Person.objects.get().id == alice


def test_an_archive_that_was_cut_short_changes_nothing(alice: UUID) -> None:
    path = making.make(DATA)
    for left in (0, 512, path.stat().st_size // 2, path.stat().st_size - 11_000):
        part = path.with_name("data-20200101T000000Z.tar")
        part.write_bytes(path.read_bytes()[:left])

        with pytest.raises(Complaint, match="Nothing has changed"):
            restoring.restore(part, overwrite=True)

    assert Person.objects.get().id == alice


def test_an_archive_of_another_installation_changes_nothing(
    alice: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(marks, "root_key", lambda: b"another root key of 32 bytes....")
        path = making.make(DATA)

    with pytest.raises(Complaint, match="another root key"):
        restoring.restore(path, overwrite=True)

    assert Person.objects.get().id == alice


def test_an_installation_with_people_is_not_replaced_without_a_word(alice: UUID) -> None:
    sealed_for(alice)
    for kind in BackupKind:
        path = making.make(kind)

        with pytest.raises(Complaint, match="--over"):
            restoring.restore(path, overwrite=False)


def test_a_backup_ends_with_its_window_and_not_before(
    alice: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    data, vault = making.make(DATA), making.make(VAULT)
    half = making.folder() / ".making-half"
    half.mkdir()

    def after(days: int, seconds: int = 0) -> set[Path]:
        later = now + timedelta(days=days, seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: later)
        prune_backups()
        return {each.path for each in archives.archives_in(making.folder())}

    assert after(14, -1) == {data, vault}
    assert after(14) == {data}
    assert after(30, -1) == {data}
    assert after(30) == set()
    assert not half.exists()
    assert pruning.last(DATA) is None


def test_a_backup_holds_nothing_of_a_row_that_was_deleted_before(alice: UUID) -> None:
    name = "a-heron-of-the-third-millpond-in-april"
    for number in range(50):
        create_person(email=f"{name}-{number}@example.org", password="Correct-horse-9-battery")
    Person.objects.filter(email__startswith=name).delete()
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM account_emailaddress WHERE email LIKE %s", [f"{name}%"])

    path = making.make(DATA)

    assert canary.hits(name, below=path.parent) == []
    if connections["default"].vendor == "sqlite":  # the other format is compressed
        assert b"alice@example.org" in path.read_bytes(), "the search itself finds nothing"


def test_a_large_file_is_never_whole_in_memory(alice: UUID) -> None:
    key = stored_for(alice, bytes(40_000_000))
    tracemalloc.start()
    path = making.make(DATA)
    files.remove(key)
    restoring.restore(path, overwrite=True)
    _now, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes < 20_000_000
    assert key in set(files.every_key())
    files.remove(key)  # or it is in every later backup


def test_a_file_that_came_after_the_archive_goes_with_its_row(alice: UUID) -> None:
    early = stored_for(alice)
    path = making.make(DATA)
    late = stored_for(alice)

    restoring.restore(path, overwrite=True)

    assert early in set(files.every_key())
    assert late not in set(files.every_key())


def test_a_broken_database_in_a_whole_archive_changes_nothing(alice: UUID, tmp_path: Path) -> None:
    if connections["default"].vendor == "postgresql":
        junk = b"PGDMP nothing that pg_restore understands"
    else:
        junk = b"SQLite format 3\0" + bytes(5_000)
    path = tmp_path / archives.name_of(DATA, clock.now())
    database = tmp_path / "database"
    database.write_bytes(junk)
    with archives.Writer(path) as archive:
        (tmp_path / "notes").touch()
        with (tmp_path / "notes").open("rb") as notes, database.open("rb") as content:
            archive.add(archives.ERASURES, notes, 0)
            archive.add(archives.DATABASE, content, len(junk))
        archive.seal(
            kind=DATA, made_at=clock.now(), vendor=connections["default"].vendor, migrations=[]
        )

    with pytest.raises(Complaint):
        restoring.restore(path, overwrite=True)

    assert Person.objects.get().id == alice


def test_sqlite_backups_are_consistent_while_others_write(alice: UUID, tmp_path: Path) -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("PostgreSQL takes its own snapshot")
    with sqlite3.connect(connections["default"].settings_dict["NAME"]) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM accounts_person")

        path = making.make(DATA)  # neither waits nor sees what is not committed

        other.rollback()
    other.close()
    for name, _size, content in archives.members(path):
        if name == archives.DATABASE:
            (tmp_path / "copy").write_bytes(content.read())
    copy = sqlite3.connect(tmp_path / "copy")
    assert copy.execute("SELECT email FROM accounts_person").fetchall() == [("alice@example.org",)]
    copy.close()
