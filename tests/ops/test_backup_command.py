"""`bluegpt backup` and `bluegpt restore`, as people run them."""

import shutil
from pathlib import Path

from tests.ops.conftest import Installation


def archives_of(installation: Installation) -> list[Path]:
    return sorted((installation.data_dir / "backups").glob("*.tar"))


def test_an_installation_moves_to_another_machine(old_copy: Installation, tmp_path: Path) -> None:
    assert old_copy.run("key", "create", "alice@example.org", "--name", "laptop").code == 0
    made = old_copy.run("backup")
    assert made.code == 0, made.err
    assert made.out.split() == [str(path) for path in archives_of(old_copy)]
    assert "keep a copy" in made.err
    elsewhere = Installation(tmp_path / "elsewhere")
    data, vault = archives_of(old_copy)

    without_key = elsewhere.run("restore", str(data))
    shutil.copy(old_copy.data_dir / "root.key", elsewhere.data_dir)
    whole = elsewhere.run("restore", "--check", str(data))
    restored = [elsewhere.run("restore", str(path)) for path in (data, vault)]

    assert without_key.code == 1
    assert "root.key is not there" in without_key.err
    assert "is whole: data of" in whole.out
    assert [said.code for said in restored] == [0, 0], restored
    balance = elsewhere.run("credits", "balance", "alice@example.org")
    assert balance.code == 0, balance.err
    with elsewhere.serving() as server:
        assert '"ready"' in server.ready()


def test_a_running_installation_is_not_replaced(running: Installation) -> None:
    assert running.run("backup").code == 0
    [data, _vault] = archives_of(running)

    with running.serving():
        said = running.run("restore", "--over", str(data))

    assert said.code == 1
    assert "Stop it first" in said.err


def test_an_older_database_is_not_served_until_the_replay(running: Installation) -> None:
    # given: a copy of the database as it was, and an erasure since
    before = running.data_dir / "before"
    shutil.copy(running.data_dir / "bluegpt.sqlite3", before)
    running.erase_made_up_row()

    # when: somebody puts the copy back by hand
    for suffix in ("-wal", "-shm"):
        (running.data_dir / f"bluegpt.sqlite3{suffix}").unlink(missing_ok=True)
    shutil.copy(before, running.data_dir / "bluegpt.sqlite3")

    # then
    refused = running.run("serve", "--port", "0")
    assert refused.code == 2
    assert "restore --replay" in refused.err
    assert "run bluegpt restore --replay" in running.run("doctor").out
    replayed = running.run("restore", "--replay")
    assert replayed.code == 0, replayed.err
    assert "1 erasures were carried out again" in replayed.err
    with running.serving() as server:
        assert '"ready"' in server.ready()


def test_the_command_says_what_is_missing(running: Installation) -> None:
    assert running.run("backup", "vault").code == 0
    nothing = running.run("restore")
    junk = running.data_dir / "data-20200101T000000Z.tar"
    junk.write_bytes(b"no tar at all" * 100)
    broken = running.run("restore", "--over", str(junk))

    assert nothing.code == 2
    assert "Name an archive" in nothing.err
    assert broken.code == 1
    assert "Nothing has changed" in broken.err
    assert running.run("backup", "prune").code == 0


def test_the_doctor_knows_the_last_backup_and_the_one_that_outlived_its_day(
    running: Installation,
) -> None:
    assert "there is none" in running.run("doctor").out
    assert running.run("backup").code == 0
    assert "the last was made on" in running.run("doctor").out

    data, _vault = archives_of(running)
    data.rename(data.with_name("data-20200101T000000Z.tar"))
    said = running.run("doctor")

    assert said.code == 1
    assert "1 backups have outlived the policy" in said.out
