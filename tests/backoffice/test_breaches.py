"""The register of breaches: two clocks that nothing stops, whom it concerns, and an end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.matters import BreachIncomplete, BreachStaysOpen
from bluegpt.privacy.models import BreachAmendment, StaffAct
from bluegpt.privacy.queries import breach_letters, breaches
from bluegpt.privacy.services import breaches as services
from bluegpt.privacy.services import drills
from bluegpt.privacy.types.breaches import BreachView, Facts, Nature, Risk
from tests.ops.conftest import Installation

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

AWARE = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)  # a Friday evening
FACTS = Facts(
    title="A backup was left open",
    natures=(Nature.CONFIDENTIALITY,),
    data_classes=(DataClass.IDENTITY,),
    recipient="",
    started_at=AWARE - timedelta(days=2),
    ended_at=AWARE,
    aware_at=AWARE,
    people_about=40,
    records_about=40,
    consequences="Addresses may be known to others.",
    measures="The backup was closed.",
    risk=Risk.HIGH,
)


@pytest.fixture(autouse=True)
def _shortly_after() -> Iterator[None]:
    with time_machine.travel(AWARE + timedelta(hours=1), tick=False):
        yield


def _recorded(risk: Risk = Risk.HIGH) -> BreachView:
    return services.record(actor_id=new_id(), facts=replace(FACTS, risk=risk))


@pytest.mark.parametrize(
    ("risk", "authority", "people"),
    [
        (Risk.UNLIKELY, None, None),
        (Risk.LIKELY, AWARE + timedelta(hours=72), None),
        (Risk.HIGH, AWARE + timedelta(hours=72), AWARE + timedelta(hours=72)),
    ],
)
def test_who_has_to_be_told_follows_from_the_risk_and_by_when_from_awareness(
    risk: Risk, authority: datetime | None, people: datetime | None
) -> None:
    found = _recorded(risk)

    assert (found.authority.due_at, found.people.due_at) == (authority, people)


@pytest.mark.parametrize(("late_s", "is_overdue"), [(0, False), (1, True)])
def test_what_was_not_told_in_time_is_overdue(late_s: int, is_overdue: bool) -> None:
    found = _recorded()

    with time_machine.travel(AWARE + timedelta(hours=72, seconds=late_s), tick=False):
        again = breaches.breach(found.id)

    assert (again.authority.is_overdue, again.people.is_overdue) == (is_overdue, is_overdue)


def test_what_is_learnt_later_does_not_move_the_clock() -> None:
    found = _recorded()

    later = replace(FACTS, aware_at=AWARE + timedelta(minutes=30), people_about=41)
    amended = services.amend(actor_id=new_id(), breach_id=found.id, facts=later, reason="Counted.")

    assert amended.authority.due_at == AWARE + timedelta(hours=72)


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, title=" "),
        replace(FACTS, natures=()),
        replace(FACTS, data_classes=()),
        replace(FACTS, measures=""),
        replace(FACTS, consequences=""),
        replace(FACTS, aware_at=FACTS.started_at - timedelta(hours=1)),
    ],
)
def test_an_entry_that_lacks_something_is_refused(facts: Facts) -> None:
    with pytest.raises(BreachIncomplete):
        services.record(actor_id=new_id(), facts=facts)


def test_it_closes_only_when_everybody_was_told_in_full_and_with_evidence() -> None:
    found, actor_id = _recorded(), new_id()

    def closes(evidence: str = "Letters of 28 November") -> bool:
        try:
            services.close(actor_id=actor_id, breach_id=found.id, evidence=evidence)
        except BreachStaysOpen:
            return False
        return True

    assert not closes()
    services.file(actor_id=actor_id, breach_id=found.id, reference="FR-1", is_complete=False)
    services.told_people(actor_id=actor_id, breach_id=found.id)
    assert not closes()
    services.file(actor_id=actor_id, breach_id=found.id, reference="FR-1", is_complete=True)
    assert not closes(" ")
    assert closes()
    with pytest.raises(BreachStaysOpen):
        services.amend(actor_id=actor_id, breach_id=found.id, facts=FACTS, reason="More.")


def test_whom_it_concerns_is_answered_from_disclosures() -> None:
    made = drills.rehearse_breach()

    assert frozenset(made.concerned) == made.expected
    assert breaches.affected_count(made.breach.facts) == len(made.expected)


def test_whom_it_concerns_here_is_everybody_with_data_of_the_class(ada: object) -> None:
    assert ada.id in set(breaches.affected(FACTS))  # type: ignore[attr-defined]
    assert breaches.affected_count(FACTS) == 1


@pytest.mark.parametrize(
    ("language", "said"), [("en", "initial notification"), ("fr", "notification initiale")]
)
def test_the_notification_has_what_the_form_asks_for(language: str, said: str) -> None:
    draft = breach_letters.notification(_recorded(), language=language, affected=7)

    for part in (said, "2026-11-27 18:30 UTC", FACTS.consequences, FACTS.measures, "40", "7"):
        assert part in draft


@pytest.mark.parametrize(("language", "said"), [("en", "complain"), ("fr", "réclamation")])
def test_the_letter_says_what_it_means_and_where_to_complain(language: str, said: str) -> None:
    letter = breach_letters.letter(_recorded(), language=language)

    for part in (said, "cnil.fr", FACTS.title, FACTS.consequences, FACTS.measures):
        assert part in letter


def test_the_pages_take_a_breach_from_its_entry_to_its_end(staff_client: Client) -> None:
    given = {
        "title": FACTS.title,
        "natures": ["confidentiality"],
        "data_classes": ["identity"],
        "started_at": "2026-11-26T08:00",
        "aware_at": "2026-11-27T18:30",
        "people_about": "40",
        "records_about": "40",
        "consequences": FACTS.consequences,
        "measures": FACTS.measures,
        "risk": "high",
    }

    entered = staff_client.post("/staff/breaches", given)
    page = entered["Location"]
    early = staff_client.post(f"{page}/closing", {"evidence": "none yet"})
    filing = {"reference": "FR-1", "is_complete": "on"}
    for act, data in (("filing", filing), ("telling", {}), ("closing", {"evidence": "Letters"})):
        staff_client.post(f"{page}/{act}", data)

    assert early.status_code == 422
    assert "Letters" in staff_client.get(page).content.decode()
    assert list(StaffAct.objects.order_by("number").values_list("verb", flat=True)) == [
        "breach.record",
        "breach.complete",
        "breach.tell",
        "breach.close",
    ]


TYPED = {
    "title": FACTS.title,
    "natures": ["confidentiality"],
    "data_classes": ["identity"],
    "started_at": "2026-11-25T18:30",
    "ended_at": "2026-11-27T18:30",
    "aware_at": "2026-11-27T18:30",
    "people_about": "40",
    "records_about": "40",
    "consequences": FACTS.consequences,
    "measures": FACTS.measures,
    "risk": "high",
    "reason": "The log was read to its end.",
}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Kinds of data", "<ins>Content, Identity</ins>", "People concerned, about")),
        ("fr", ("Types de données", "<ins>Contenu, Identité</ins>", "Personnes concernées")),
    ],
    ids=["en", "fr"],
)
def test_what_is_known_later_is_put_in_on_its_page_and_what_it_said_before_stays(
    staff_client: Client, nora: Person, language: str, said: tuple[str, ...]
) -> None:
    Person.objects.filter(id=nora.id).update(language=language)
    found = services.record(actor_id=new_id(), facts=replace(FACTS, aware_at=AWARE))
    page = f"/staff/breaches/{found.id}"
    changed = {"data_classes": ["content", "identity"], "people_about": "41", "risk": "likely"}

    assert staff_client.post(f"{page}/amendment", TYPED | changed).status_code == 302

    now = breaches.breach(found.id)
    assert now.facts == replace(
        FACTS,
        data_classes=(DataClass.CONTENT, DataClass.IDENTITY),
        people_about=41,
        risk=Risk.LIKELY,
    )
    (amendment,) = breaches.amendments(found.id)
    assert amendment.by == nora.id
    assert amendment.changes == {
        "data_classes": ("identity", "content identity"),
        "people_about": ("40", "41"),
        "risk": ("high", "likely"),
    }
    shown = staff_client.get(page).content.decode()
    for text in (TYPED["reason"], "<del>40</del>", "<ins>41</ins>", nora.email, *said):
        assert str(text) in shown
    act = StaffAct.objects.get(verb="breach.amend")
    assert act.facts == {"risk": "likely", "changed": "3"}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"reason": " ", "risk": "likely"},
        {"title": ""},
        {"aware_at": "2026-11-27T19:00"},
        {"aware_at": "2026-11-20T19:00"},
    ],
    ids=["nothing", "no reason", "no title", "aware later", "aware before it began"],
)
def test_an_amendment_without_change_or_reason_is_refused_on_the_page(
    staff_client: Client, changed: dict[str, str]
) -> None:
    found = services.record(actor_id=new_id(), facts=FACTS)

    answer = staff_client.post(f"/staff/breaches/{found.id}/amendment", TYPED | changed)

    assert answer.status_code == 422
    assert "<details" in answer.content.decode()
    assert breaches.breach(found.id).facts == FACTS
    assert breaches.amendments(found.id) == ()


def test_a_form_of_minutes_moves_no_instant_by_its_seconds(staff_client: Client) -> None:
    exact = replace(FACTS, aware_at=AWARE + timedelta(seconds=42), ended_at=None)
    found = services.record(actor_id=new_id(), facts=exact)

    given = TYPED | {"ended_at": "", "measures": "Keys were changed."}
    staff_client.post(f"/staff/breaches/{found.id}/amendment", given)

    assert breaches.breach(found.id).facts == replace(exact, measures="Keys were changed.")


def test_the_history_of_a_breach_is_written_once() -> None:
    found = services.record(actor_id=new_id(), facts=FACTS)
    more = replace(FACTS, people_about=41)
    services.amend(actor_id=new_id(), breach_id=found.id, facts=more, reason="Counted.")

    for change in (
        lambda: BreachAmendment.objects.update(reason="Otherwise."),
        lambda: BreachAmendment.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            change()


def test_a_closed_breach_is_not_amended_on_its_page(staff_client: Client) -> None:
    found = services.record(actor_id=new_id(), facts=replace(FACTS, risk=Risk.UNLIKELY))
    services.close(actor_id=new_id(), breach_id=found.id, evidence="Nobody saw it.")

    page = staff_client.get(f"/staff/breaches/{found.id}").content.decode()
    answer = staff_client.post(f"/staff/breaches/{found.id}/amendment", TYPED)

    assert "/amendment" not in page
    assert answer.status_code == 422
    assert breaches.amendments(found.id) == ()


def test_the_drill_prints_drafts_and_list_and_touches_nothing(tmp_path: object) -> None:
    installation = Installation(tmp_path / "untouched")  # type: ignore[operator]

    done = installation.run("privacy", "drill", "breach")

    assert done.code == 0, done.err + done.out
    assert "Concerned: 9 people" in done.out
    assert "--- letter (fr) ---" in done.out
    assert not installation.data_dir.exists()
