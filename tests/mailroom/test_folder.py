"""Mail in the default installation: a file that only its owner reads, a block on the console."""

import email
import email.policy
import stat
from datetime import timedelta
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection, send_mail
from pytest_django.fixtures import Settings

from bluegpt.core import clock
from bluegpt.mailroom.services.folder import KEPT_DAYS, end_letters_to, end_old_letters

BACKEND = "bluegpt.mailroom.adapters.folder.FolderBackend"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "mail"
    settings.EMAIL_FILE_PATH = path
    settings.EMAIL_BACKEND = BACKEND
    return path


def parsed(path: Path) -> ParsedMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, ParsedMessage)
    return message


def test_a_mail_becomes_a_file_that_any_mail_program_opens(folder: Path) -> None:
    assert send_mail("Votre code", "Le voilà : 4711", None, ["ada@example.org"]) == 1

    (path,) = folder.iterdir()
    message = parsed(path)
    assert path.suffix == ".eml"
    assert message["To"] == "ada@example.org"
    assert message["Subject"] == "Votre code"
    assert message.get_content().strip() == "Le voilà : 4711"


def test_nobody_else_on_the_machine_reads_the_mail(folder: Path) -> None:
    send_mail("Code", "4711", None, ["ada@example.org"])

    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_console_shows_whom_what_and_the_text(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send_mail("Your code", "Your code is 4711.\n", None, ["ada@example.org"])

    shown = capsys.readouterr()
    lines = shown.err.splitlines()
    assert lines[1:5] == [
        "Mail to  ada@example.org",
        "Subject  Your code",
        "",
        "Your code is 4711.",
    ]
    assert shown.out == ""
    assert folder.exists()


def test_of_a_mail_in_two_forms_the_console_shows_the_text(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = EmailMultiAlternatives("Hello", "in plain words", None, ["ada@example.org"])
    message.attach_alternative("<p>in <b>HTML</b></p>", "text/html")
    message.send()

    shown = capsys.readouterr().err
    assert "in plain words" in shown
    assert "<b>" not in shown
    (path,) = folder.iterdir()
    assert [part.get_content_type() for part in parsed(path).walk()][1:] == [
        "text/plain",
        "text/html",
    ]


def test_mails_sort_by_the_time_they_were_sent(folder: Path) -> None:
    for number in range(5):
        send_mail(f"Mail {number}", "body", None, ["ada@example.org"])

    subjects = [parsed(path)["Subject"] for path in sorted(folder.iterdir())]
    assert subjects == [f"Mail {number}" for number in range(5)]


def test_several_mails_in_one_go_are_all_written(folder: Path) -> None:
    mails = [
        EmailMultiAlternatives(f"Mail {number}", "body", None, ["ada@example.org"])
        for number in range(3)
    ]

    assert get_connection(BACKEND).send_messages(mails) == 3
    assert len(list(folder.iterdir())) == 3


def test_what_was_written_to_somebody_ends_and_nothing_else(folder: Path) -> None:
    send_mail("Mine", "body", None, ["Ada <ADA@example.org>"])
    EmailMessage("Also mine", "body", None, ["bob@example.org"], cc=["ada@example.org"]).send()
    send_mail("Not mine", "to ada@example.org", None, ["hada@example.org"])

    assert end_letters_to("ada@example.org") == 2

    assert [parsed(path)["Subject"] for path in folder.iterdir()] == ["Not mine"]
    assert end_letters_to("ada@example.org") == 0


def test_a_letter_is_there_for_its_days_and_not_for_one_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for name, age in (("old", timedelta(days=KEPT_DAYS, seconds=1)), ("kept", timedelta(days=1))):
        monkeypatch.setattr(clock, "now", lambda age=age: now - age)
        send_mail(name, "body", None, ["ada@example.org"])
    monkeypatch.setattr(clock, "now", lambda: now)

    assert end_old_letters() == 1

    assert [parsed(path)["Subject"] for path in folder.iterdir()] == ["kept"]


def test_without_a_folder_there_is_nothing_to_end(folder: Path) -> None:
    assert not folder.exists()
    assert end_letters_to("ada@example.org") == end_old_letters() == 0
