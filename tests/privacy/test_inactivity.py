"""An account that nobody uses is closed after two mails: not a day early, and nobody unawares."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import activity, closing
from bluegpt.accounts.services.people import create_person
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.core.worker import Worker
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category
from bluegpt.privacy.errors.inactivity import UnknownNotice
from bluegpt.privacy.models import InactivityNotice, LegalHold, StaffGrant
from bluegpt.privacy.queries import inactivity as queries
from bluegpt.privacy.queries.inactivity import link_of, unused
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import terms
from bluegpt.privacy.services import choices, inactivity, retention
from bluegpt.privacy.types.inactivity import Exemption, Stage, Unused
from bluegpt.studio.models import Conversation
from tests.privacy.lives import lived

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
ADA = "ada@example.org"
# 22:30 in UTC is the next day in Paris: the term is counted from 29 February 2024.
USED_AT = datetime(2024, 2, 28, 23, 30, tzinfo=UTC)
LAST_DAY = date(2026, 2, 28)
CLOSES_ON = date(2026, 3, 1)
MOMENT = timedelta(microseconds=1)


def start_of(day: date) -> datetime:
    return terms.midnight(day)


def days_before(days: int) -> datetime:
    return start_of(CLOSES_ON - timedelta(days=days))


@pytest.fixture
def ada() -> Person:
    return unused_since(USED_AT)


def unused_since(at: datetime, email: str = ADA) -> Person:
    person = create_person(email=email, password="Plum-7 tractors sing")
    Worker().run_pending()
    mail.outbox.clear()
    Person.objects.filter(id=person.id).update(last_active_at=at)
    person.refresh_from_db()
    return person


def run(now: datetime) -> dict[Stage, int]:
    done = dict(inactivity.run(now=now).done)
    Worker().run_pending()
    return {stage: count for stage, count in done.items() if count}


def is_closed(person: Person) -> bool:
    person.refresh_from_db()
    return person.closed_at is not None


def test_an_unused_account_is_told_twice_and_then_closed_each_on_its_day(ada: Person) -> None:
    # when a moment is missing to thirty days before: nothing
    assert run(days_before(30) - MOMENT) == {}
    assert mail.outbox == []

    # when thirty days before have come: the first mail, once
    assert run(days_before(30)) == {Stage.FIRST_NOTICE: 1}
    assert run(days_before(30)) == {}
    assert [each.to for each in mail.outbox] == [[ADA]]
    assert "March 1, 2026" in mail.outbox[0].subject
    assert "2 years" in mail.outbox[0].body

    # when a week before has come, and not before: the second one, once
    assert run(days_before(7) - MOMENT) == {}
    assert run(days_before(7)) == {Stage.SECOND_NOTICE: 1}
    assert run(days_before(7)) == {}
    assert "Last notice" in mail.outbox[1].subject

    # when the whole last day is over, and not before: closed, once, and told
    assert run(start_of(CLOSES_ON) - MOMENT) == {}
    assert not is_closed(ada)
    assert run(start_of(CLOSES_ON)) == {Stage.CLOSE: 1}
    assert is_closed(ada)
    assert run(start_of(CLOSES_ON)) == {}
    assert len(mail.outbox) == 3
    assert "is closed" in mail.outbox[2].subject


def test_the_term_is_counted_in_days_of_paris(ada: Person) -> None:
    assert terms.day_of(USED_AT) == date(2024, 2, 29)

    [due] = unused(days_before(30))

    assert due.closes_on == LAST_DAY + timedelta(days=1) == CLOSES_ON


def test_a_mail_that_left_late_moves_the_closing_and_not_the_time_to_answer(ada: Person) -> None:
    # given a server that stood still until long after the term
    late = start_of(CLOSES_ON + timedelta(days=100))

    assert run(late) == {Stage.FIRST_NOTICE: 1}
    notice = InactivityNotice.objects.get()
    assert notice.closes_on == CLOSES_ON + timedelta(days=130)

    # and again until after the day that the first mail named
    later = start_of(notice.closes_on + timedelta(days=3))
    assert run(later) == {Stage.SECOND_NOTICE: 1}
    notice.refresh_from_db()
    assert notice.closes_on == CLOSES_ON + timedelta(days=140)
    assert run(start_of(notice.closes_on) - MOMENT) == {}
    assert run(start_of(notice.closes_on)) == {Stage.CLOSE: 1}


def test_what_the_account_holds_ends_as_after_a_closing_that_was_asked_for() -> None:
    ada = lived(USED_AT)
    Person.objects.filter(id=ada.id).update(last_active_at=USED_AT)
    for before in (30, 7, 0):
        run(days_before(before))
    assert is_closed(ada)
    assert ada.closed_at is not None

    end = terms.due_at(ada.closed_at, manifest().retention["conversations"].duration)
    retention.run(now=end - MOMENT)
    assert Conversation.objects.count() == 1
    retention.run(now=end)
    assert not Conversation.objects.exists()
    assert Person.objects.filter(id=ada.id, email=ADA).exists()
    assert InactivityNotice.objects.get().closed_at == ada.closed_at


def test_whoever_comes_back_starts_the_clock_anew(ada: Person) -> None:
    run(days_before(30))
    run(days_before(7))

    activity.note(person_id=ada.id)

    assert run(start_of(CLOSES_ON)) == {}
    assert not is_closed(ada)
    assert not InactivityNotice.objects.exists()


def test_whoever_comes_back_between_the_question_and_the_closing_is_left_alone(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(days_before(30))
    run(days_before(7))
    asked = queries.unused

    def then_comes_back(now: datetime) -> Iterator[Unused]:
        found = list(asked(now))
        assert [each.stage for each in found] == [Stage.CLOSE]
        activity.note(person_id=ada.id)
        yield from found

    monkeypatch.setattr(inactivity, "unused", then_comes_back)

    assert run(start_of(CLOSES_ON)) == {}
    assert not is_closed(ada)


def test_a_reopened_account_is_counted_from_its_reopening(ada: Person) -> None:
    for before in (30, 7, 0):
        run(days_before(before))
    closing.reopen(person_id=ada.id)

    assert run(start_of(CLOSES_ON)) == {}
    assert not is_closed(ada)
    assert not InactivityNotice.objects.exists()


def test_no_link_can_be_made_up(ada: Person) -> None:
    run(days_before(30))
    notice = InactivityNotice.objects.get()
    right = link_of(notice.id)

    for wrong in (notice.id.hex, f"{notice.id.hex}.x", right[:-1], f"{new_id().hex}.{right[33:]}"):
        with pytest.raises(UnknownNotice):
            inactivity.keep(wrong)
    assert InactivityNotice.objects.exists()


def test_the_link_of_a_closed_account_opens_nothing(ada: Person) -> None:
    for before in (30, 7, 0):
        run(days_before(before))

    with pytest.raises(UnknownNotice):
        inactivity.keep(link_of(InactivityNotice.objects.get().id))
    assert is_closed(ada)


def _freeze(person_id: UUID) -> None:
    choices.restrict(person_id=person_id)


def _hold(person_id: UUID) -> None:
    LegalHold.objects.create(
        person_id=person_id,
        data_class=DataClass.METERING,
        text="A dispute",
        law="Code civil, art. 2224",
        author_id=new_id(),
        created_at=USED_AT,
        ends_on=date(2099, 1, 1),
    )


def _give_role(person_id: UUID) -> None:
    StaffGrant.objects.create(
        person_id=person_id,
        role="desk",
        granted_by=new_id(),
        granted_at=USED_AT,
        ends_at=datetime(2099, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("spare", "exemption"),
    [
        (_freeze, Exemption.RESTRICTED),
        (_hold, Exemption.HELD),
        (_give_role, Exemption.STAFF),
    ],
)
def test_what_keeps_an_account_open_is_said_and_its_notices_begin_anew(
    ada: Person, spare: Callable[[UUID], None], exemption: Exemption
) -> None:
    # given an account whose owner was told already
    run(days_before(30))
    spare(ada.id)

    # when the day has come: it stays open, with the reason, and forgets the notices
    outcome = inactivity.run(now=start_of(CLOSES_ON))
    assert dict(outcome.exempt) == {exemption: 1}
    assert not is_closed(ada)
    assert not InactivityNotice.objects.exists()

    # when nothing keeps it any more: it is told again, with all the time before a closing
    choices.lift(person_id=ada.id)
    LegalHold.objects.all().delete()
    StaffGrant.objects.all().delete()
    later = start_of(CLOSES_ON + timedelta(days=50))
    assert run(later) == {Stage.FIRST_NOTICE: 1}
    assert InactivityNotice.objects.get().closes_on == CLOSES_ON + timedelta(days=80)


def test_paid_credits_are_named_in_the_mails_and_stay_with_the_account(ada: Person) -> None:
    for category, credits in ((Category.PROMO, 5), (Category.PAID, 12)):
        ledger.grant(
            person_id=ada.id,
            category=category,
            amount_microcredits=credits * 1_000_000,
            source_kind="test",
            source_id=category.value,
            reason="test",
        )
    Person.objects.filter(id=ada.id).update(last_active_at=USED_AT)
    before = balance(ada.id)

    for days in (30, 7, 0):
        run(days_before(days))

    assert is_closed(ada)
    bodies = [" ".join(each.body.split()) for each in mail.outbox]
    assert len(bodies) == 3
    whole = before.available_microcredits // 1_000_000
    for body in bodies:
        assert f"You still have {whole} credits. Closing takes none of them" in body
        assert "You paid for 12 of them" in body
    assert balance(ada.id) == before
    closing.reopen(person_id=ada.id)
    assert balance(ada.id) == before


def test_a_mail_says_nothing_of_credits_where_there_are_none() -> None:
    no_gift = replace(settings.BLUEGPT.credits, welcome=0)
    with override_settings(BLUEGPT=replace(settings.BLUEGPT, credits=no_gift)):
        unused_since(USED_AT)
    run(days_before(30))

    assert "credits" not in mail.outbox[0].body


def test_the_mails_are_in_the_language_of_the_person(ada: Person) -> None:
    Person.objects.filter(id=ada.id).update(language="fr")

    for days in (30, 7, 0):
        run(days_before(days))

    assert [each.subject for each in mail.outbox] == [
        "Votre compte sera fermé le 1 mars 2026",
        "Dernier avis : votre compte sera fermé le 1 mars 2026",
        "Votre compte est fermé",
    ]
    assert "2 ans" in mail.outbox[0].body


def test_a_payment_is_use_and_a_gift_is_none(ada: Person) -> None:
    def given(category: Category) -> datetime | None:
        ledger.grant(
            person_id=ada.id,
            category=category,
            amount_microcredits=1,
            source_kind="test",
            source_id=category.value,
            reason="test",
        )
        ada.refresh_from_db()
        return ada.last_active_at

    assert given(Category.PROMO) == USED_AT
    assert given(Category.PAID) != USED_AT


def test_a_run_walks_every_page_and_sends_a_bounded_number_of_mails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [unused_since(USED_AT, f"p{number}@example.org") for number in range(5)]
    monkeypatch.setattr(queries, "PEOPLE_AT_ONCE", 2)
    monkeypatch.setattr(inactivity, "LETTERS_MAX", 3)

    assert run(days_before(30)) == {Stage.FIRST_NOTICE: 3}
    assert run(days_before(30)) == {Stage.FIRST_NOTICE: 2}
    assert {each.to[0] for each in mail.outbox} == {person.email for person in people}


def test_an_account_that_was_closed_otherwise_is_left_alone(ada: Person) -> None:
    closing.close(person_id=ada.id)

    assert run(start_of(CLOSES_ON)) == {}
    assert mail.outbox == []


def test_a_link_that_another_installation_signed_keeps_nothing(ada: Person) -> None:
    run(days_before(30))
    with override_settings(SECRET_KEY="another"):
        foreign = link_of(InactivityNotice.objects.get().id)

    with pytest.raises(UnknownNotice):
        inactivity.keep(foreign)
    assert InactivityNotice.objects.exists()
