"""The credits page: what there is, what is held and why, what ends, and the proof."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import api_keys
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.credits.models import Verification
from bluegpt.credits.queries import blocks, prices
from bluegpt.credits.services import blocks as block_services
from bluegpt.credits.services import caps, clawbacks, ledger, lots
from bluegpt.credits.types import CapPeriod, Category, NewLot
from tests.credits import books

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def spender(person: Person) -> UUID:
    """A person with 1,000 microcredits, in a world where a token costs one."""
    books.publish(microcredits_per_token=1)
    books.grant(person.id, 1_000)
    return person.id


def _page(browser: Client) -> str:
    answer = browser.get("/credits")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/credits",
        "/credits/statement",
        "/credits/statement.csv",
        "/credits/statement.json",
        "/credits/limits",
        "/credits/questions",
        "/credits/lines/0193a2b4-0000-7000-8000-000000000001",
        "/credits/requests/0193a2b4-0000-7000-8000-000000000002",
    ],
)
def test_a_stranger_is_asked_to_log_in(visitor: Client, path: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")


@pytest.mark.both_databases
def test_somebody_without_any_credits_gets_a_page(browser_of: Client) -> None:
    page = _page(browser_of)

    assert "There are no credits left." in page
    assert "Nothing has moved yet." in page
    assert "The first time is still to come." in page


@pytest.mark.both_databases
def test_what_is_held_says_for_what_and_how_much_at_most(browser_of: Client, spender: UUID) -> None:
    key, _secret = api_keys.create(person_id=spender, name="Nightly job")
    books.hold(spender, 100)
    ledger.hold(
        hold_id=new_id(), person_id=spender, quote=prices.quote(books.tokens(30)), key_id=key.id
    )

    page = _page(browser_of)

    assert "0.00013 more are reserved" in page
    assert "at most 0.0001<" in page
    assert "at most 0.00003<" in page
    assert page.count("through the API key “Nightly job”") == 1
    assert "Being checked" not in page


@pytest.mark.both_databases
def test_the_steps_of_a_long_call_are_one_thing_that_is_held(
    browser_of: Client, spender: UUID
) -> None:
    first = books.hold(spender, 100)
    ledger.hold_more(hold_id=first.id, step_id=new_id(), amount_microcredits=50)

    page = _page(browser_of)

    assert page.count("at most ") == 1
    assert "at most 0.00015<" in page


def test_a_call_in_doubt_is_said_to_be_checked(browser_of: Client, spender: UUID) -> None:
    hold = books.hold(spender, 100)
    ledger.dispatch(hold_id=hold.id)
    ledger.doubt(hold_id=hold.id, reason="the provider told a negative usage")

    page = _page(browser_of)

    assert "Being checked" in page
    assert "Nothing is charged until that is clear." in page


def test_credits_that_end_within_a_week_are_announced(browser_of: Client, spender: UUID) -> None:
    books.grant(spender, 2_000_000, expires_at=clock.now() + timedelta(days=6, hours=23))
    books.grant(spender, 5_000_000, expires_at=clock.now() + timedelta(days=8))

    page = _page(browser_of)

    assert "2 credits end on" in page
    assert "They are used before all others." in page


def test_credits_that_end_later_are_no_news(browser_of: Client, spender: UUID) -> None:
    books.grant(spender, 5_000_000, expires_at=clock.now() + timedelta(days=8))

    assert 'id="ending"' not in _page(browser_of)


def test_credits_that_end_soon_but_are_used_later_are_not_said_to_go_first(
    browser_of: Client, spender: UUID
) -> None:
    books.grant(spender, 2_000_000, priority=90, expires_at=clock.now() + timedelta(days=1))

    page = _page(browser_of)

    assert "2 credits end on" in page
    assert "They are used before all others." not in page


def test_lots_stand_in_the_order_in_which_they_are_used(browser_of: Client, spender: UUID) -> None:
    books.grant(spender, 7_000_000, category=Category.PAID)
    books.grant(spender, 5_000_000, expires_at=clock.now() + timedelta(days=90))

    page = _page(browser_of)

    shown = page[page.index('id="lots-title"') : page.index('id="limits-title"')]
    found = re.findall(r"Left</span>([\d.]+)", shown)
    assert found == ["5", "0.001", "7"]


def test_credits_that_begin_later_say_when(browser_of: Client, spender: UUID) -> None:
    assert "UTC</p>" not in _page(browser_of)

    books.grant(spender, 5_000_000, effective_at=datetime(2990, 1, 2, 3, 4, tzinfo=UTC))

    page = _page(browser_of)
    assert "from Jan. 2, 2990, 03:04 UTC" in page
    assert '<span class="figure-large">0.001</span>' in page


@pytest.mark.parametrize(("spent", "told"), [(49, ""), (50, "50%"), (80, "80%"), (100, "used up")])
def test_a_limit_is_told_at_50_80_and_100_percent(
    browser_of: Client, spender: UUID, spent: int, told: str
) -> None:
    caps.set_cap(person_id=spender, period=CapPeriod.MONTH, limit_microcredits=100)
    hold = books.hold(spender, spent)
    ledger.dispatch(hold_id=hold.id)

    books.settle(hold.id, spent)

    page = _page(browser_of)
    assert ("The limit for “Whole account, per month” is" in page) is bool(told)
    assert told in page


@pytest.mark.both_databases
def test_a_debt_is_shown_with_its_reason(browser_of: Client, spender: UUID) -> None:
    lots.open_lot(
        NewLot(
            person_id=spender,
            category=Category.PAID,
            amount_microcredits=3_000_000,
            source_kind="invoice",
            source_id="7",
            reason="Bought",
        )
    )
    hold = books.hold(spender, 2_000_500)
    ledger.dispatch(hold_id=hold.id)
    books.settle(hold.id, 2_000_500)

    clawbacks.claw_back(
        clawback_id=new_id(),
        source_kind="invoice",
        source_id="7",
        amount_microcredits=3_000_000,
        author="ada",
        reason="The bank took the payment back",
    )

    page = _page(browser_of)
    assert "You owe 1.9995 credits." in page
    assert "The bank took the payment back" in page


@pytest.mark.parametrize(
    ("is_sound", "told"),
    [
        (True, "All books were verified on Nov. 21, 2026 at 03:15 UTC"),
        (False, "On Nov. 21, 2026 at 03:15 UTC the verification found something"),
    ],
)
def test_the_last_verification_is_told_as_it_ended(
    browser_of: Client, is_sound: bool, told: str
) -> None:
    at = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
    Verification.objects.create(
        started_at=at,
        finished_at=at,
        last_sequence=0,
        transfer_count=12_345,
        is_sound=is_sound,
        findings=[],
    )

    page = _page(browser_of)

    assert told in page
    assert ("Everything adds up" in page) is is_sound


def test_the_head_of_the_chain_is_there_in_full(browser_of: Client, spender: UUID) -> None:
    block_services.seal()
    head = blocks.head()
    assert head is not None

    page = _page(browser_of)

    assert f'data-text="{head.digest}"' in page
    assert f">{head.digest}</code>" in page


def test_the_page_costs_no_query_per_movement(browser_of: Client, spender: UUID) -> None:
    def queries_with(calls: int) -> int:
        for _call in range(calls):
            hold = books.hold(spender, 10)
            ledger.dispatch(hold_id=hold.id)
            books.settle(hold.id, 5)
        with CaptureQueriesContext(connection) as queries:
            _page(browser_of)
        return len(queries)

    _page(browser_of)  # what is read once per process is read now

    assert queries_with(2) == queries_with(12)
