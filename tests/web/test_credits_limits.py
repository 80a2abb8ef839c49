"""Spending limits: set, changed, removed, and what a refusal adds to its sentence."""

import re
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import api_keys, people
from bluegpt.credits.errors import CapReached, DebtOutstanding, InsufficientCredits
from bluegpt.credits.queries import caps as cap_queries
from bluegpt.credits.services import caps, ledger
from bluegpt.credits.types import CapPeriod
from tests.credits import books

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

URL = "/credits/limits"
FRENCH = {"accept-language": "fr"}


@pytest.fixture
def spender(person: Person) -> UUID:
    """A person with 1,000 microcredits, in a world where a token costs one."""
    books.publish(microcredits_per_token=1)
    books.grant(person.id, 1_000)
    return person.id


def _limits(person_id: UUID) -> dict[tuple[UUID | None, CapPeriod], int]:
    return {
        (cap.key_id, cap.period): cap.limit_microcredits for cap in cap_queries.caps_of(person_id)
    }


def test_a_limit_is_set_for_the_account_and_for_a_key(browser_of: Client, spender: UUID) -> None:
    key, _secret = api_keys.create(person_id=spender, name="Nightly job")

    own = browser_of.post(URL, {"key": "", "period": "day", "credits": "1.5"})
    of_key = browser_of.post(URL, {"key": str(key.id), "period": "month", "credits": "20"})

    assert own.status_code == of_key.status_code == 303
    assert _limits(spender) == {
        (None, CapPeriod.DAY): 1_500_000,
        (key.id, CapPeriod.MONTH): 20_000_000,
    }
    page = browser_of.get(URL).content.decode()
    assert "Whole account, per day" in page
    assert "0 of 1.5 credits" in page
    assert "Nightly job, per month" in page


def test_the_meter_shows_what_is_spent_and_held(browser_of: Client, spender: UUID) -> None:
    caps.set_cap(person_id=spender, period=CapPeriod.MONTH, limit_microcredits=1_000)
    books.hold(spender, 250)

    page = browser_of.get(URL).content.decode()

    assert re.search(r'<meter[^>]* max="1000" high="800" optimum="0" value="250"', page)
    assert "0.00025 of 0.001 credits" in page
    assert "Starts again on" in page


def test_a_new_limit_takes_the_place_of_the_old_one(browser_of: Client, spender: UUID) -> None:
    browser_of.post(URL, {"key": "", "period": "month", "credits": "5"})

    filled = browser_of.get(f"{URL}?key=&period=month").content.decode()
    browser_of.post(URL, {"key": "", "period": "month", "credits": "7"})

    assert 'value="5"' in filled
    assert _limits(spender) == {(None, CapPeriod.MONTH): 7_000_000}


def test_a_limit_is_removed_alone(browser_of: Client, spender: UUID) -> None:
    caps.set_cap(person_id=spender, period=CapPeriod.DAY, limit_microcredits=5)
    caps.set_cap(person_id=spender, period=CapPeriod.MONTH, limit_microcredits=50)

    browser_of.post(f"{URL}/removal", {"key": "", "period": "day"})
    browser_of.post(f"{URL}/removal", {"key": "nonsense", "period": "month"})

    assert _limits(spender) == {(None, CapPeriod.MONTH): 50}


@pytest.mark.parametrize(
    ("credits", "sentence"),
    [
        ("", "Type a number of credits above zero"),
        ("0", "Type a number of credits above zero"),
        ("-3", "Type a number of credits above zero"),
        ("many", "Type a number of credits above zero"),
        ("NaN", "Type a number of credits above zero"),
        ("1.0000001", "A credit has at most six decimals."),
        ("9" * 12, "That is more credits than there are."),
    ],
)
def test_what_is_no_limit_is_refused_with_a_sentence(
    browser_of: Client, spender: UUID, credits: str, sentence: str
) -> None:
    answer = browser_of.post(URL, {"key": "", "period": "month", "credits": credits})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert _limits(spender) == {}


def test_a_comma_is_a_decimal_sign_in_french(browser_of: Client, spender: UUID) -> None:
    typed = {"key": "", "period": "month", "credits": "2,5"}

    browser_of.post(URL, typed, headers=FRENCH)

    assert _limits(spender) == {(None, CapPeriod.MONTH): 2_500_000}
    again = browser_of.get(f"{URL}?key=&period=month", headers=FRENCH).content.decode()
    assert 'value="2,5"' in again


def test_nobody_limits_somebody_elses_key(browser_of: Client, spender: UUID) -> None:
    other = people.create_person(email="eve@example.org", password="Correct-horse-9-battery")
    key, _secret = api_keys.create(person_id=other.id, name="Theirs")

    answer = browser_of.post(URL, {"key": str(key.id), "period": "day", "credits": "1"})

    assert answer.status_code == 422
    assert _limits(spender) == _limits(other.id) == {}
    assert "Theirs" not in browser_of.get(URL).content.decode()


def test_the_limit_of_a_key_that_ended_is_not_shown(browser_of: Client, spender: UUID) -> None:
    key, _secret = api_keys.create(person_id=spender, name="Nightly job")
    caps.set_cap(person_id=spender, key_id=key.id, period=CapPeriod.DAY, limit_microcredits=5)

    api_keys.revoke(person_id=spender, key_id=key.id)

    assert "Nightly job" not in browser_of.get(URL).content.decode()


def test_a_refusal_by_a_limit_says_how_much_is_used_and_where_to_change_it(spender: UUID) -> None:
    caps.set_cap(person_id=spender, period=CapPeriod.MONTH, limit_microcredits=300)
    hold = books.hold(spender, 250)
    ledger.dispatch(hold_id=hold.id)

    with pytest.raises(CapReached) as refused:
        books.hold(spender, 100)

    shown = render_to_string("_refusal.html", {"error": refused.value})
    assert "monthly limit of 0.0003 credits" in shown
    assert "Of its 0.0003 credits, 0.00025 are used or reserved." in shown
    assert 'href="/credits/limits"' in shown


def test_a_refusal_for_a_debt_leads_to_its_reason() -> None:
    shown = render_to_string(
        "_refusal.html", {"error": DebtOutstanding(debt_microcredits=1_500_000)}
    )

    assert "You owe 1.5 credits." in shown
    assert 'href="/credits#debt"' in shown


def test_a_refusal_for_want_of_credits_says_what_it_needs() -> None:
    error = InsufficientCredits(needed_microcredits=2_000_000, available_microcredits=1)

    shown = render_to_string("_refusal.html", {"error": error})

    assert "This can cost up to 2 credits; you have 0.000001." in shown
