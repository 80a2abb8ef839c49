"""The restore drill, in the databases of the tests, and as an operator runs it."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from asgiref.sync import async_to_sync
from django.db import connections

from bluegpt.accounts.services import closing
from bluegpt.config.lifespan import Household
from bluegpt.ops.backups import archives, making
from bluegpt.ops.drills import restore
from bluegpt.privacy.services import choice_notes, death_notes, erasing, succession_notes
from bluegpt.vault.errors import ErasuresMissing
from bluegpt.vault.services import erasures, seal
from tests import on_disk
from tests.ops.conftest import Installation


@pytest.fixture(autouse=True)
def no_archives() -> Iterator[None]:
    """A rehearsal leaves its backups, for whoever wants to look at them."""
    yield
    for archive in archives.archives_in(making.folder()):
        archive.path.unlink()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_what_was_erased_is_unreadable_unserved_and_erased_again_and_then_all_is_served() -> None:
    served = []
    for sentence in restore.rehearse():
        try:
            async_to_sync(_served)()
        except ErasuresMissing:
            served.append((False, sentence))
        else:
            served.append((True, sentence))

    once = [True, True, True, False, False, True, True]
    assert [is_served for is_served, _sentence in served] == once * 4, served
    assert erasures.standing().is_whole


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_drill_whose_replay_forgets_accounts_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    if connections["vault"].vendor != "sqlite":
        pytest.skip("once is enough")

    with pytest.raises(restore.DrillFailed, match="still"):
        for sentence in restore.rehearse():
            if "whole account" in sentence:
                monkeypatch.setattr(erasing, "end_rows", lambda *_owner: None)


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_drill_whose_replay_forgets_what_was_wished_after_a_death_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connections["vault"].vendor != "sqlite":
        pytest.skip("once is enough")

    with pytest.raises(restore.DrillFailed, match="rows are still there"):
        for sentence in restore.rehearse():
            if "They have died" in sentence:
                monkeypatch.setattr(death_notes, "_lay_down_again", lambda *_wish: None)


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_drill_whose_replay_opens_the_account_of_a_dead_person_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connections["vault"].vendor != "sqlite":
        pytest.skip("once is enough")

    with pytest.raises(restore.DrillFailed, match="dead person"):
        for sentence in restore.rehearse():
            if "They have died" in sentence:
                monkeypatch.setattr(closing, "close", lambda **_owner: None)


@pytest.mark.parametrize("notes", [choice_notes, succession_notes])
@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_drill_whose_replay_forgets_a_choice_fails(
    monkeypatch: pytest.MonkeyPatch, notes: ModuleType
) -> None:
    if connections["vault"].vendor != "sqlite":
        pytest.skip("once is enough")

    with pytest.raises(restore.DrillFailed, match="a choice of theirs is forgotten"):
        for sentence in restore.rehearse():
            if "They froze" in sentence:
                monkeypatch.setattr(notes, "is_erased", lambda _owner: True)


async def _served() -> None:
    """Begin to serve as the process does, and end."""
    household = Household()
    await household.start()
    await household.stop()


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_drill_whose_keys_survive_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    if connections["vault"].vendor != "sqlite":
        pytest.skip("once is enough")
    monkeypatch.setattr(seal, "destroy_keys", lambda **_owner: 0)

    with pytest.raises(restore.DrillFailed, match="can be read"):
        list(restore.rehearse())


def test_the_drill_touches_nothing_of_the_installation(old_copy: Installation) -> None:
    before = {path: on_disk.read(path) for path in old_copy.data_dir.glob("*") if path.is_file()}

    said = old_copy.run("privacy", "drill", "restore")

    assert said.code == 0, said.out + said.err
    assert "The drill is passed" in said.out
    assert {p: on_disk.read(p) for p in old_copy.data_dir.glob("*") if p.is_file()} == before
