"""The link in the notice of an unused account: it is looked at by scanners, pressed by people."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core.worker import Worker
from bluegpt.privacy.models import InactivityNotice
from bluegpt.privacy.services import inactivity

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
USED_AT = datetime(2024, 2, 29, 12, tzinfo=UTC)
A_MONTH_BEFORE = datetime(2026, 1, 30, 12, tzinfo=UTC)


@pytest.fixture
def path(person: Person) -> str:
    """Where the first notice leads."""
    Worker().run_pending()
    mail.outbox.clear()
    Person.objects.filter(id=person.id).update(last_active_at=USED_AT)
    inactivity.run(now=A_MONTH_BEFORE)
    Worker().run_pending()
    [notice] = mail.outbox
    line = next(line for line in notice.body.splitlines() if "/privacy/keeping/" in line)
    return line[line.index("/privacy/keeping/") :]


def test_looking_changes_nothing_and_the_button_keeps_the_account_without_a_log_in(
    path: str, person: Person, visitor: Client
) -> None:
    assert person.id.hex not in path.replace("-", "")

    shown = visitor.get(path)
    assert "March 1, 2026" in shown.content.decode()
    assert person.email not in shown.content.decode()
    assert InactivityNotice.objects.exists()

    kept = visitor.post(path)
    assert "Your account stays open" in kept.content.decode()
    assert not InactivityNotice.objects.exists()
    person.refresh_from_db()
    assert person.last_active_at is not None
    assert person.last_active_at > A_MONTH_BEFORE
    assert visitor.post(path).status_code == 404


def test_a_form_of_another_site_keeps_nothing(path: str, plain_static_files: None) -> None:
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert InactivityNotice.objects.exists()


def test_a_link_that_nobody_made_leads_nowhere(path: str, visitor: Client) -> None:
    for wrong in ("/privacy/keeping/nothing", path[:-1]):
        assert visitor.get(wrong).status_code == 404
        assert visitor.post(wrong).status_code == 404
    assert InactivityNotice.objects.exists()


def test_the_policy_says_when_an_unused_account_is_closed(visitor: Client) -> None:
    shown = " ".join(visitor.get("/privacy").content.decode().split())

    assert "An account that nobody uses: closed after 2 years" in shown
    assert "By mail, at least 30 days and once more at least 7 days before." in shown
    assert "A call with one of your API keys." in shown
    assert "You have frozen your data" in shown
