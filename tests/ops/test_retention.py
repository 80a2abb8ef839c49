"""`bluegpt privacy retention`: what is due is shown, ended, and attested."""

from datetime import UTC, datetime

import pytest

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.ops.commands import privacy_retention
from bluegpt.privacy.models import Attestation, InactivityNotice
from bluegpt.privacy.services import choices, ending
from bluegpt.studio.models import Conversation
from tests.privacy.lives import closed, lived

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
LONG_AGO = datetime(2015, 1, 31, tzinfo=UTC)


def test_the_plan_counts_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    closed(lived(LONG_AGO), LONG_AGO)

    assert privacy_retention.plan(None) == 0  # type: ignore[arg-type]

    told = capsys.readouterr()
    assert ["studio.Message", "conversations", "delete", "2", "0"] in [
        line.split() for line in told.out.splitlines()
    ]
    assert Conversation.objects.exists()
    assert not Attestation.objects.exists()


def test_the_plan_says_what_becomes_due_soon(capsys: pytest.CaptureFixture[str]) -> None:
    closed(lived(LONG_AGO), clock.now())

    privacy_retention.plan(None)  # type: ignore[arg-type]

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["privacy.Disclosure", "disclosures", "delete", "1", "0"] in lines
    assert not any("conversations" in line for line in lines)


def test_the_run_ends_and_attests(capsys: pytest.CaptureFixture[str]) -> None:
    closed(lived(LONG_AGO), LONG_AGO)

    assert privacy_retention.run(None) == 0  # type: ignore[arg-type]

    assert "0 still due" in capsys.readouterr().err
    assert not Conversation.objects.exists()
    assert Attestation.objects.get().is_clean


def test_a_run_that_leaves_something_exits_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed(lived(LONG_AGO), LONG_AGO)
    monkeypatch.setattr(ending, "end_rows", lambda *_args, **_more: 0)

    assert privacy_retention.run(None) == 1  # type: ignore[arg-type]

    assert "left" in capsys.readouterr().out


def test_the_plan_and_the_run_speak_of_unused_accounts(capsys: pytest.CaptureFixture[str]) -> None:
    for email in ("ada@example.org", "bea@example.org"):
        person = lived(LONG_AGO, email=email)
        Person.objects.filter(id=person.id).update(last_active_at=LONG_AGO)
    choices.restrict(person_id=person.id)

    privacy_retention.plan(None)  # type: ignore[arg-type]

    told = capsys.readouterr()
    assert ["accounts.Person", "inactivity", "first_notice", "1", "0"] in [
        line.split() for line in told.out.splitlines()
    ]
    assert "1 unused accounts stay open. You have frozen your data" in told.err
    assert not InactivityNotice.objects.exists()

    privacy_retention.run(None)  # type: ignore[arg-type]

    assert ["unused", "first_notice", "1"] in [
        line.split() for line in capsys.readouterr().out.splitlines()
    ]
    assert InactivityNotice.objects.get().second_at is None
