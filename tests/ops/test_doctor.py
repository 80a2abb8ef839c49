"""`bluegpt doctor` names what is wrong and what to do, and changes nothing."""

import os
import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ops.conftest import Installation
from tests.studio.certificates import certified


def test_a_sound_installation_has_no_problem(running: Installation) -> None:
    said = running.run("doctor")

    assert said.code == 0
    assert said.out.endswith("0 problems, 0 warnings\n")
    for subject in ("data folder", "database vault", "settings", "mail", "clock", "sandbox"):
        assert re.search(rf"^ok +{subject}: ", said.out, re.MULTILINE), subject
    assert "sandbox: answers" in said.out


def test_looking_at_a_new_folder_makes_no_tables(installation: Installation) -> None:
    said = installation.run("doctor")

    assert said.code == 0
    assert "is new" in said.out
    with sqlite3.connect(installation.data_dir / "bluegpt.sqlite3") as database:
        assert database.execute("SELECT * FROM sqlite_master").fetchall() == []
    database.close()


def test_keys_that_others_can_read_are_a_problem(running: Installation) -> None:
    (running.data_dir / "secret.key").chmod(0o644)
    running.data_dir.chmod(0o755)

    said = running.run("doctor")

    assert said.code == 1
    assert re.search(r"^problem +secret\.key: .*chmod 600", said.out, re.MULTILINE)
    assert re.search(r"^warning +data folder: .*chmod 700", said.out, re.MULTILINE)


def test_a_database_that_does_not_answer_is_a_problem(installation: Installation) -> None:
    installation.data_dir.mkdir()
    (installation.data_dir / "bluegpt.sqlite3").write_bytes(b"this is no database" * 100)

    said = installation.run("doctor")

    assert said.code == 1
    assert re.search(r"^problem +database default: .* does not answer", said.out, re.MULTILINE)
    assert "Traceback" not in said.err


def test_a_mail_server_that_is_not_there_is_a_problem(running: Installation) -> None:
    said = Installation(running.data_dir, {"BLUEGPT_SMTP_URL": "smtp://127.0.0.1:9"}).run("doctor")

    assert said.code == 1
    assert re.search(r"^problem +mail: .*BLUEGPT_SMTP_URL", said.out, re.MULTILINE)


@pytest.mark.parametrize("command", [("doctor",), ("serve", "--port", "0")])
def test_an_unlawful_setting_is_named(running: Installation, command: tuple[str, ...]) -> None:
    (running.data_dir / "privacy.toml").write_text('[newsletter]\nmode = "auto"\n')

    said = running.run(*command)

    assert said.code != 0
    assert "newsletter.mode is settled" in said.out + said.err
    assert "(C3)" in said.out + said.err
    assert "Traceback" not in said.err


def test_a_valkey_that_is_not_there_is_a_problem(running: Installation) -> None:
    said = Installation(running.data_dir, {"BLUEGPT_VALKEY_URL": "redis://127.0.0.1:9/0"}).run(
        "doctor"
    )

    assert said.code == 1
    assert re.search(r"^problem +valkey: .*BLUEGPT_VALKEY_URL", said.out, re.MULTILINE)


def test_a_clock_that_was_set_back_is_a_problem(running: Installation) -> None:
    future_s = (running.data_dir / "vault.sqlite3").stat().st_mtime + 86_400
    os.utime(running.data_dir / "vault.sqlite3", (future_s, future_s))

    said = running.run("doctor")

    assert said.code == 1
    assert re.search(r"^problem +clock: was set back", said.out, re.MULTILINE)


def test_an_installation_where_nobody_answers_has_a_problem(running: Installation) -> None:
    said = Installation(running.data_dir, {"BLUEGPT_SANDBOX": "no"}).run("doctor")

    assert said.code == 1
    assert re.search(r"^problem +models: none can be used", said.out, re.MULTILINE)


def test_a_provider_with_a_key_is_named_without_the_key(running: Installation) -> None:
    said = Installation(running.data_dir, {"MISTRAL_API_KEY": "sk-very-secret"}).run("doctor")

    assert re.search(r"^ok +Mistral: has a key", said.out, re.MULTILINE)
    assert "sk-very-secret" not in said.out + said.err


def test_in_production_a_folder_that_was_tried_out_is_a_problem(
    running: Installation, tmp_path: Path
) -> None:
    production = Installation(
        running.data_dir, {"BLUEGPT_ENV": "production", "BLUEGPT_URL": "https://site.example"}
    )

    said = production.run("doctor")

    assert said.code == 1
    assert re.search(r"^problem +demo account: ", said.out, re.MULTILINE)
    assert re.search(r"^problem +mail: ", said.out, re.MULTILINE)


def test_books_that_did_not_add_up_are_a_problem(running: Installation) -> None:
    with sqlite3.connect(running.data_dir / "bluegpt.sqlite3") as database:
        database.execute("DELETE FROM credits_verification")
        database.execute(
            "INSERT INTO credits_verification (started_at, finished_at, last_sequence,"
            " transfer_count, is_sound, findings, head_digest)"
            " VALUES (datetime('now'), datetime('now'), 0, 0, 0, '[]', '')"
        )
    database.close()

    said = running.run("doctor")

    assert said.code == 1
    assert re.search(r"^problem +books: did not add up .*ledger verify", said.out, re.MULTILINE)


def test_a_certificate_that_signs_is_well_and_one_that_has_ended_is_a_problem(
    running: Installation, tmp_path: Path
) -> None:
    pytest.importorskip("c2pa", reason="the optional library c2pa-python is not installed")
    for name, days, told in (
        ("good", 30, r"^ok +content credentials: "),
        ("ended", -1, r"^problem +content credentials: the certificate ended on .*C2PA"),
    ):
        (tmp_path / name).mkdir()
        own = certified(tmp_path / name, days=days)

        settings = {
            "BLUEGPT_C2PA_CERTIFICATES": str(own.certificates),
            "BLUEGPT_C2PA_KEY": str(own.key),
        }

        said = replace(running, settings=settings).run("doctor")

        assert re.search(told, said.out, re.MULTILINE)


def test_a_certificate_without_its_key_stops_the_start(running: Installation) -> None:
    settings = {"BLUEGPT_C2PA_CERTIFICATES": __file__}

    alone = replace(running, settings=settings).run("doctor")
    absent = replace(running, settings=settings | {"BLUEGPT_C2PA_KEY": "/none"}).run("doctor")

    assert "set both or neither" in alone.err
    assert "BLUEGPT_C2PA_KEY: /none cannot be read" in absent.err
