"""`bluegpt privacy request …`: mail and post recorded, examined and answered."""

import re
from importlib import import_module

import pytest
from django.core import mail

from bluegpt.accounts.services import people
from bluegpt.core.errors import BlueError
from bluegpt.core.personal_data import DataClass
from bluegpt.ops.parser import parser
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.services import directives
from bluegpt.privacy.types.directives import Wish
from bluegpt.privacy.types.requests import Channel, Contact, State
from bluegpt.privacy.types.rights import Right

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

STAFF = ("--author", "Solène")


class Desk:
    """Somebody at a terminal."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def type(self, *words: str) -> str:
        """What a command prints on standard output."""
        arguments = parser().parse_args(["privacy", "request", *words])
        module, name = arguments.handler.split(":")
        self._capsys.readouterr()
        assert getattr(import_module(module), name)(arguments) == 0
        return self._capsys.readouterr().out

    def recorded(self) -> str:
        """The reference of a letter that came by post."""
        post = ("--post", "1 rue Bleue, Paris", "--name", "Nadia", "--words", "All of it.")
        said = self.type("new", "access", "--channel", "post", *post, *STAFF)
        found = re.search(r"Recorded as (\w{8});", said)
        assert found is not None
        return found[1]


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str]) -> Desk:
    mail.outbox.clear()
    return Desk(capsys)


def test_a_letter_by_post_becomes_a_request_that_is_listed_and_shown(desk: Desk) -> None:
    reference = desk.recorded()

    found = queries.request_by_reference(reference)
    assert (found.channel, found.words) == (Channel.POST, "All of it.")
    assert reference in desk.type("list")
    assert "All of it." not in desk.type("list")
    shown = desk.type("show", reference.lower())
    for expected in ("All of it.", "1 rue Bleue, Paris", "rights_of_others", str(found.due_on)):
        assert expected in shown
    printed = desk.type("letter", reference)
    assert "1 rue Bleue, Paris" in printed
    assert reference in printed
    assert mail.outbox == []


def test_a_request_is_answered_step_by_step(desk: Desk) -> None:
    reference = desk.recorded()

    desk.type("identify", reference, *STAFF)
    desk.type("clarify", reference, "--words", "Of which year?", *STAFF)
    desk.type("extend", reference, "--months", "1", "--words", "Much of it.", *STAFF)
    desk.type("move-on", reference, "collecting", *STAFF)
    desk.type("move-on", reference, "reviewing", *STAFF)
    ground = ("--ground", "rights_of_others", "--partly", "--words", "A letter of Paul's.")
    desk.type("refuse", reference, *ground, *STAFF)
    assert "cnil.fr" in desk.type("letter", reference)
    desk.type("move-on", reference, "closed", *STAFF)

    assert queries.request_by_reference(reference).state is State.CLOSED
    assert desk.type("list") == "No request waits for an answer.\n"


def test_a_refusal_without_a_coded_ground_is_refused(desk: Desk) -> None:
    reference = desk.recorded()

    with pytest.raises(BlueError, match="ground"):
        desk.type("refuse", reference, "--ground", "no", "--words", "No.", *STAFF)


def test_a_mail_is_answered_with_a_code_and_then_delivered(desk: Desk) -> None:
    desk.type("new", "access", "--channel", "email", "--email", "a@example.org", *STAFF)

    [found] = queries.open_requests()
    # The acknowledgement, and the code.
    assert [letter.to for letter in mail.outbox] == [["a@example.org"]] * 2
    with pytest.raises(BlueError):
        desk.type("deliver", found.reference, *STAFF)


def test_the_request_of_an_heir_shows_what_the_deceased_laid_down(desk: Desk) -> None:
    nadia = people.create_person(email="nadia@example.org", password="Correct-horse-9-battery")
    directives.lay_down(
        person_id=nadia.id,
        wishes={DataClass.CONTENT: Wish.HAND_OVER},
        trusted=Contact(name="Ines Moreau", post="1 rue Bleue, Paris"),
    )
    post = ("--channel", "post", "--email", nadia.email, "--words", "My mother has died.")

    for right in ("heirs", "access"):
        desk.type("new", right, *post, *STAFF)

    shown = {each.right: desk.type("show", each.reference) for each in queries.open_requests()}
    assert "hand_over" in shown[Right.HEIRS]
    assert "Ines Moreau" in shown[Right.HEIRS]
    assert "Ines Moreau" not in shown[Right.ACCESS]
