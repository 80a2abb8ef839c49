"""Staff declare that the service changes hands, agree by two, see who was told, and give it up."""

import pytest
from django.core import mail
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.privacy.models import Succession, SuccessionNotice
from bluegpt.privacy.queries import succession_freeze
from bluegpt.privacy.queries.successions import state_of
from bluegpt.privacy.types.successions import SuccessionState
from tests.backoffice.conftest import LogIn, MakeStaff
from tests.privacy import changing_hands

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]

TYPED = {
    "acquirer": "Grue SAS",
    "country": "be",
    "contact": "rgpd@grue.example",
    "changes": "Votre compte continue chez Grue.",
}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    succession_freeze.forget_cached()


def test_it_is_declared_and_approved_by_two_and_everybody_is_told(
    ada: Person, staff_client: Client, make_staff: MakeStaff, log_in: LogIn
) -> None:
    assert (
        staff_client.post("/staff/successions", TYPED | {"country": "Belgium"}).status_code == 422
    )
    assert staff_client.post("/staff/successions", TYPED).status_code == 302
    assert staff_client.post("/staff/successions", TYPED).status_code == 422  # one at a time

    row = Succession.objects.get()
    approval = f"/staff/successions/{row.id}/approval"
    assert staff_client.post(approval).status_code == 302
    assert staff_client.post(approval).status_code == 422
    assert log_in(make_staff("otto@example.org")).post(approval).status_code == 302
    changing_hands.worked()

    assert ada.email in [address for letter in mail.outbox for address in letter.to]
    row.refresh_from_db()
    assert row.bundle_from is not None
    page = staff_client.get("/staff/successions").content.decode()
    assert "otto@example.org" in page
    assert f"{row.bundle_from:%Y-%m-%d %H:%M} UTC" in page
    assert "<dt>People told</dt><dd>3</dd>" in page


def test_an_objection_that_came_by_post_is_noted_and_counted(
    ada: Person, staff_client: Client
) -> None:
    row = changing_hands.told()
    address = f"/staff/successions/{row.id}/objection"

    staff_client.post(address, {"email": "nobody@example.org"})
    assert not SuccessionNotice.objects.filter(objected_at__isnull=False).exists()
    staff_client.post(address, {"email": ada.email})

    assert SuccessionNotice.objects.get(objected_at__isnull=False).person_id == ada.id
    assert (
        "<dt>Objections</dt><dd>1</dd>" in staff_client.get("/staff/successions").content.decode()
    )


def test_it_is_given_up_by_one_and_cannot_be_concluded_without_a_bundle(
    staff_client: Client,
) -> None:
    row = changing_hands.told()

    assert staff_client.post(f"/staff/successions/{row.id}/conclusion").status_code == 409
    row.refresh_from_db()
    assert row.concluded_at is None
    assert staff_client.post(f"/staff/successions/{row.id}/abandonment").status_code == 302

    row.refresh_from_db()
    assert state_of(row) is SuccessionState.ABANDONED
    assert "Abandoned" in staff_client.get("/staff/successions").content.decode()


@pytest.mark.usefixtures("ada")
def test_whoever_was_not_reached_is_counted_and_written_to_again(
    staff_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.EMAIL_BACKEND", changing_hands.BACKEND)
    changing_hands.unreachable.add("ada@example.org")
    row = changing_hands.told()
    changing_hands.unreachable.clear()
    assert (
        "<dt>Not reached</dt><dd>1</dd>" in staff_client.get("/staff/successions").content.decode()
    )

    staff_client.post(f"/staff/successions/{row.id}/telling")
    changing_hands.worked()

    assert (
        "<dt>Not reached</dt><dd>0</dd>" in staff_client.get("/staff/successions").content.decode()
    )
