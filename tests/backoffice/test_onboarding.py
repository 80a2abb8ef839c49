"""Nobody new receives data before two people have been through the checklist."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client, override_settings

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.core.settings import ProviderAccess
from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.errors.matters import SecondPersonNeeded
from bluegpt.privacy.errors.onboarding import ChecklistOpen, NotTakenOn, UnknownNewcomer
from bluegpt.privacy.models import OnboardingApproval, StaffAct
from bluegpt.privacy.queries import onboarding
from bluegpt.privacy.queries.evidence import onboarding as evidence
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.openness import closed_because
from bluegpt.privacy.rules import onboarding as rules
from bluegpt.privacy.services import gate
from bluegpt.privacy.services import onboarding as services
from tests.backoffice.conftest import LogIn, MakeStaff
from tests.privacy.test_gate import STATED

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SUBJECT = "recipients.compatible"
ALL = ("agreement", "retention", "security", "training", "transfer")


@pytest.fixture
def stated(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """An operator who says who runs the compatible endpoint."""

    def write(lines: str) -> None:
        (tmp_path / "privacy.toml").write_text(lines, encoding="utf-8")
        manifest.cache_clear()

    access = ProviderAccess(api_key="key", base_url="https://models.hebergeur.example/v1")
    blue = replace(
        settings.BLUEGPT,
        site=replace(settings.BLUEGPT.site, data_dir=tmp_path),
        providers=replace(settings.BLUEGPT.providers, compatible=access),
    )
    onboarding.forget_cached()
    with override_settings(BLUEGPT=blue):
        write(STATED)
        yield write
    onboarding.forget_cached()
    manifest.cache_clear()


def _approve(actor_id: object = None, answered: tuple[str, ...] = ALL) -> None:
    [found] = onboarding.newcomers()
    services.approve(
        actor_id=actor_id or new_id(),  # type: ignore[arg-type]
        subject=SUBJECT,
        facts_sha256=found.facts_sha256,
        answered=answered,
    )


def _leave() -> str:
    return gate.clear(
        person_id=uuid4(),
        purpose="chat_answer",
        recipient="compatible",
        data_classes={DataClass.CONTENT},
    ).recipient


@pytest.mark.usefixtures("stated")
def test_nothing_reaches_a_newcomer_before_two_people_approved() -> None:
    for _ in range(2):
        with pytest.raises(NotTakenOn):
            _leave()
        assert closed_because("compatible")
        _approve()

    assert _leave() == "compatible"
    assert closed_because("compatible") == ""


@pytest.mark.usefixtures("stated")
def test_the_same_person_is_not_two() -> None:
    someone = new_id()
    _approve(someone)

    with pytest.raises(SecondPersonNeeded):
        _approve(someone)
    with pytest.raises(NotTakenOn):
        _leave()


def test_other_facts_are_new_again(stated: Callable[[str], None]) -> None:
    _approve()
    _approve()
    _leave()
    [before] = onboarding.newcomers()

    stated(STATED.replace("keeps_prompts_days = 0", "keeps_prompts_days = 30"))

    with pytest.raises(NotTakenOn):
        _leave()
    with pytest.raises(UnknownNewcomer):
        services.approve(
            actor_id=new_id(),
            subject=SUBJECT,
            facts_sha256=before.facts_sha256,
            answered=ALL,
        )


def test_a_review_that_was_put_off_is_nothing_new(stated: Callable[[str], None]) -> None:
    stated("[recipients.openai]\nreview_by = 2028-05-31\n")

    assert onboarding.newcomers() == ()


def test_an_operator_cannot_check_for_themselves(stated: Callable[[str], None]) -> None:
    stated(STATED + '[onboarding.checked]\nrecipients = ["compatible"]\n')

    with pytest.raises(NotTakenOn):
        _leave()


@pytest.mark.usefixtures("stated")
@pytest.mark.parametrize("left_out", ALL)
def test_nobody_approves_without_the_whole_checklist(left_out: str) -> None:
    with pytest.raises(ChecklistOpen):
        _approve(answered=tuple(each for each in ALL if each != left_out))

    assert not OnboardingApproval.objects.exists()


def test_everything_packaged_was_checked() -> None:
    """A new recipient or purpose fails here until the checklist was gone through for it."""
    packaged = chapters.packaged()

    assert list(rules.newcomers(packaged, packaged)) == []


@pytest.mark.usefixtures("stated")
def test_an_approval_is_written_once() -> None:
    _approve()

    for change in (
        lambda: OnboardingApproval.objects.update(approver=new_id()),
        lambda: OnboardingApproval.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            change()


@pytest.mark.usefixtures("stated")
def test_an_approval_that_the_log_does_not_know_is_noticed() -> None:
    _approve()
    assert "1 recipients and purposes" in evidence.taken_on()

    [found] = onboarding.newcomers()
    OnboardingApproval.objects.create(
        subject=SUBJECT,
        facts_sha256=found.facts_sha256,
        answered="security",
        approver=new_id(),
        at=StaffAct.objects.get().at,
    )

    with pytest.raises(NoEvidence, match="no approval"):
        evidence.taken_on()


@pytest.mark.usefixtures("stated")
def test_two_people_take_it_on_by_the_page(
    nora: Person, make_staff: MakeStaff, log_in: LogIn, staff_client: Client
) -> None:
    [found] = onboarding.newcomers()
    given = {"subject": SUBJECT, "facts": found.facts_sha256}
    page = staff_client.get("/staff/onboarding").content.decode()
    assert SUBJECT in page
    assert "Hébergeur SAS" in page

    half = staff_client.post("/staff/onboarding/approval", given)
    for person in (nora, make_staff("otto@example.org")):
        answer = log_in(person).post("/staff/onboarding/approval", given | {"answered": ALL})
        assert answer.status_code == 302

    assert half.status_code == 422
    assert _leave() == "compatible"
    assert nora.email in staff_client.get("/staff/onboarding").content.decode()
