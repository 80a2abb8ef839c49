"""The register of consents: how many, whose, on which screen, and whether the chain holds."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.privacy.models import ConsentLink, StaffAct
from bluegpt.privacy.queries import consents
from bluegpt.privacy.services.consents import decide
from bluegpt.privacy.types.consents import ConsentAction, ConsentMethod, Deciding, Screen
from tests.backoffice.conftest import LogIn, MakeStaff

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SCREEN = Screen(text="May we count visits?\nAgree\nRefuse", language="en")


def _decided(person_id: UUID, *actions: ConsentAction) -> None:
    for action in actions:
        decide(
            Deciding(
                person_id=person_id,
                device="",
                decisions={"counting": action},
                method=ConsentMethod.FORM,
                screen=SCREEN,
                expires_at=clock.now() + timedelta(days=180),
            )
        )


@pytest.fixture
def auditor(make_staff: MakeStaff, log_in: LogIn) -> Client:
    """Somebody who sees the registers and the proofs, and nothing else."""
    return log_in(make_staff("aude@example.org", role="audit"))


def test_decisions_are_counted_by_purpose_and_version(auditor: Client, ada: Person) -> None:
    _decided(ada.id, ConsentAction.GIVEN, ConsentAction.WITHDRAWN)
    _decided(new_id(), ConsentAction.REFUSED)
    _decided(new_id(), ConsentAction.REFUSED)

    [counted] = consents.counts()

    assert (counted.purpose, counted.given, counted.refused, counted.withdrawn) == (
        "counting",
        1,
        2,
        1,
    )
    page = auditor.get("/staff/consents").content.decode()
    assert "agreed 1" in page
    assert "refused 2" in page
    assert "withdrew 1" in page
    assert ada.email not in page


def test_an_auditor_sees_one_persons_decisions_and_leaves_a_line(
    auditor: Client, ada: Person
) -> None:
    _decided(ada.id, ConsentAction.GIVEN)
    [line] = consents.consents(ada.id)

    found = auditor.post("/staff/consents", {"email": ada.email})
    address = found["Location"]
    page = auditor.get(address).content.decode()
    screen = auditor.get(f"{address}/{line.number}").content.decode()

    assert "@" not in address  # an address line ends up in the log of a proxy
    assert "Agreed" in page
    assert "May we count visits?" in screen
    [act] = StaffAct.objects.all()
    assert (act.verb, act.object_id) == ("consent.see", ada.id)
    assert auditor.get(f"/staff/consents/people/{new_id()}/{line.number}").status_code == 404
    assert auditor.post("/staff/consents", {"email": "no@example.org"}).status_code == 422


def test_the_chain_is_verified_when_somebody_asks(
    auditor: Client, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _decided(ada.id, ConsentAction.GIVEN, ConsentAction.REFUSED)
    whole = auditor.get("/staff/consents/verification").content.decode()
    head = ConsentLink.objects.get(number=2).digest

    # The database refuses to change a link, so the walk is shown another one.
    original = consents._chunks

    def forged() -> object:
        for chunk in original():
            chunk[0].commitment = "0" * 64
            yield chunk

    monkeypatch.setattr(consents, "_chunks", forged)
    broken = auditor.get("/staff/consents/verification").content.decode()

    assert "2 decisions were verified" in whole
    assert head in whole
    assert "The chain is broken at 1" in broken
