"""Staff record a death with what shows it, see what would follow, and agree by two."""

import pytest
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.models import Death, Request
from bluegpt.privacy.queries.deaths import state_of
from bluegpt.privacy.services import directives
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.directives import DeathState, Wish
from bluegpt.privacy.types.requests import Channel, Contact, Proof
from bluegpt.privacy.types.rights import Right
from tests.backoffice.conftest import LogIn, MakeStaff

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(databases=["default", "vault"]),
]


def test_a_death_is_recorded_rehearsed_and_approved_by_two(
    ada: Person, staff_client: Client, make_staff: MakeStaff, log_in: LogIn
) -> None:
    directives.lay_down(person_id=ada.id, wishes={DataClass.CONTENT: Wish.ERASE}, trusted=None)
    request_id = desk.record_request(
        contact=Contact(name="Ines Moreau", post="1 rue Bleue, Paris"),
        right=Right.HEIRS,
        channel=Channel.POST,
        words="",
        received_on=desk.today(),
        by="Nora",
    )
    desk.identify(request_id=request_id, proof=Proof.DOCUMENT, by="Nora")
    typed = {
        "email": ada.email,
        "reference": Request.objects.get(id=request_id).reference,
        "proof": "certificate",
        "seen_on": clock.now().date().isoformat(),
    }

    assert staff_client.post("/staff/deaths", typed | {"reference": "NONE"}).status_code == 422
    assert staff_client.post("/staff/deaths", typed).status_code == 302

    death = Death.objects.get()
    page = staff_client.get("/staff/deaths").content.decode()
    assert typed["reference"] in page
    approval = f"/staff/deaths/{death.id}/approval"
    assert staff_client.post(approval).status_code == 302
    assert staff_client.post(approval).status_code == 422
    assert log_in(make_staff("otto@example.org")).post(approval).status_code == 302
    death.refresh_from_db()
    assert state_of(death) is DeathState.UNDER_WAY
