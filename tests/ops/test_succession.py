"""`bluegpt privacy succession …`: listed, refused before its day, sealed, opened, given up."""

from importlib import import_module
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from bluegpt.accounts.services import people
from bluegpt.ops.errors import Complaint
from bluegpt.ops.parser import parser
from bluegpt.privacy.errors.successions import (
    BundleTooEarly,
    NoticesUndelivered,
    UnknownSuccession,
)
from bluegpt.privacy.models import Succession
from tests.privacy import changing_hands
from tests.privacy.changing_hands import PRIVATE, PUBLIC
from tests.vault.key_pairs import key_pair

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

PASSWORD = "Correct-horse-9-battery"


class Console:
    """The operator at a terminal, with the keys in a folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._capsys, self.folder = capsys, folder
        (folder / "public.pem").write_bytes(PUBLIC)
        (folder / "private.pem").write_bytes(PRIVATE)

    def type(self, *words: str) -> str:
        """What a command prints on standard output; paths are those of the folder."""
        arguments = parser().parse_args(["privacy", "succession", *words])
        module, name = arguments.handler.split(":")
        self._capsys.readouterr()
        assert getattr(import_module(module), name)(arguments) == 0
        return self._capsys.readouterr().out

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def bundle(self, *words: str) -> str:
        return self.type("bundle", self.path("out"), "--to", self.path("public.pem"), *words)


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Settings) -> Console:
    settings.EMAIL_BACKEND = changing_hands.BACKEND
    changing_hands.unreachable.clear()
    people.create_person(email="ada@example.org", password=PASSWORD)
    return Console(capsys, tmp_path)


def test_the_bundle_is_refused_before_its_day_and_opens_with_the_key_alone(
    console: Console,
) -> None:
    assert "never" in console.type("list")
    row = changing_hands.told()
    assert "Grue SAS  BE  notice" in console.type("list")
    with pytest.raises(BundleTooEarly):
        console.bundle()

    assert row.bundle_from is not None
    with time_machine.travel(row.bundle_from, tick=False):
        console.bundle()
        with pytest.raises(Complaint, match="already"):
            console.bundle()
        assert "bundles 1" in console.type("list")

    opening = ("open", console.path("out"), console.path("out.tar"), "--key")
    (console.folder / "other.pem").write_bytes(key_pair()[0])
    with pytest.raises(Complaint, match="another key"):
        console.type(*opening, console.path("other.pem"))
    assert not (console.folder / "out.tar").exists()
    console.type(*opening, console.path("private.pem"))
    assert b"ada@example.org" in (console.folder / "out.tar").read_bytes()


def test_people_who_were_not_reached_are_listed_and_left_out(console: Console) -> None:
    lost = people.create_person(email="lost@example.org", password=PASSWORD)
    changing_hands.unreachable.add(lost.email)
    row = changing_hands.told()
    assert row.bundle_from is not None

    with time_machine.travel(row.bundle_from, tick=False):
        with pytest.raises(NoticesUndelivered):
            console.bundle()
        listed = console.type("undelivered")
        assert listed.split() == [str(lost.id)]
        (console.folder / "wrong").write_text("lost@example.org")
        with pytest.raises(Complaint, match="ids"):
            console.bundle("--undelivered", console.path("wrong"))
        (console.folder / "listed").write_text(listed)
        console.bundle("--undelivered", console.path("listed"))

    inside = b"".join(changing_hands.opened(console.folder / "out").values())
    assert b"ada@example.org" in inside
    assert b"lost@example.org" not in inside


def test_it_is_given_up_at_the_console(console: Console) -> None:
    changing_hands.told()

    assert "Grue SAS" in console.type("abandon")

    assert Succession.objects.get().abandoned_at is not None
    with pytest.raises(UnknownSuccession):
        console.type("abandon")
