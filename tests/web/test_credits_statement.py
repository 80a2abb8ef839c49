"""The statement: opening, movements and closing of any period, line by line and as files."""

import csv
import io
import json
import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.credits.services import corrections, ledger
from bluegpt.web.credits.forms import PeriodForm
from bluegpt.web.credits.periods import presets
from tests.credits import books

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

BAD_PERIODS = [
    ("from=2026-12-01&until=2026-11-30", "The last day is before the first one."),
    ("from=2026-02-30&until=2026-03-01", "Type a day as year-month-day"),
    ("from=yesterday&until=2026-03-01", "Type a day as year-month-day"),
    ("from=2026-03-01", "Type a day as year-month-day"),
    ("from=0001-01-01&until=9999-12-31", "Choose a day between the years 2000 and 2999."),
]


@pytest.fixture
def spender(person: Person) -> UUID:
    """A person with 1,000,000 microcredits, in a world where a token costs one."""
    books.publish(microcredits_per_token=1)
    books.grant(person.id, 1_000_000)
    return person.id


def _call(person_id: UUID, tokens: int) -> UUID:
    hold = books.hold(person_id, tokens)
    ledger.dispatch(hold_id=hold.id)
    books.settle(hold.id, tokens)
    return hold.id


def _page(browser: Client, query: str = "") -> str:
    answer = browser.get(f"/credits/statement{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def _body(answer: Any) -> bytes:
    """All parts of a download, as the server sends them."""

    async def whole() -> bytes:
        return b"".join([part async for part in answer])

    return async_to_sync(whole)()


def _figures(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page))


@pytest.mark.both_databases
def test_opening_and_movements_make_the_closing(browser_of: Client, spender: UUID) -> None:
    hold_id = _call(spender, 250)
    corrections.give_back(
        correction_id=new_id(),
        hold_id=hold_id,
        amount_microcredits=50,
        author="ada",
        reason="Counted twice",
        reference="case:1",
    )

    assert _figures(_page(browser_of)) == {
        "Opening balance": "0",
        "Received": "+1",
        "Used": "−0.00025",
        "Corrections": "+0.00005",
        "Closing balance": "0.9998",
    }


def test_a_period_without_movements_has_the_balance_of_its_days(
    browser_of: Client, spender: UUID
) -> None:
    before = _page(browser_of, "?from=2020-01-01&until=2020-01-31")
    after = _page(browser_of, "?from=2990-01-01&until=2990-12-31")

    assert _figures(before)["Closing balance"] == "0"
    assert _figures(after) == {
        "Opening balance": "1",
        "Movements": "0",
        "Closing balance": "1",
    }
    assert "Nothing moved in this period." in after


def test_a_line_names_everything_that_made_its_price(browser_of: Client, spender: UUID) -> None:
    hold_id = _call(spender, 1_234)

    page = _page(browser_of)

    line = page[page.index("<strong>Answer</strong>") :]
    assert f"<strong>Answer</strong> {books.SKU}" in line
    assert 'Output <span class="figures">1,234</span>' in line
    assert re.search(r"Price version \d+", line)
    assert f"…{hold_id.hex[-8:]}" in line
    assert f'data-text="{hold_id}"' in line
    assert "−0.001234" in line
    assert "0.998766" in line


@pytest.mark.both_databases
def test_a_correction_and_its_line_name_each_other(browser_of: Client, spender: UUID) -> None:
    hold_id = _call(spender, 250)
    corrections.give_back(
        correction_id=new_id(),
        hold_id=hold_id,
        amount_microcredits=50,
        author="ada",
        reason="Counted twice",
        reference="case:1",
    )

    page = _page(browser_of)

    found = re.findall(r'id="line-([^"]+)">(.*?)</tr>', page, re.DOTALL)
    rows = {UUID(group): row for group, row in found}
    [charge] = [group for group, row in rows.items() if "<strong>Answer" in row]
    [correction] = [group for group, row in rows.items() if "<strong>Correction" in row]
    assert f"/credits/lines/{correction}" in rows[charge]
    assert f"/credits/lines/{charge}" in rows[correction]
    assert "Given back by ada" in rows[correction]
    assert "Counted twice" in rows[correction]


@pytest.mark.both_databases
def test_every_line_is_on_exactly_one_page(browser_of: Client, spender: UUID) -> None:
    calls = [_call(spender, 10 + number) for number in range(60)]

    first = _page(browser_of)
    [address] = re.findall(r'rel="next" href="/credits/statement([^"]+)"', first)
    second = _page(browser_of, address.replace("&amp;", "&"))

    shown = re.findall(r'data-text="([^"]+)"', first + second)
    assert shown == [str(call) for call in calls]
    assert 'rel="next"' not in second
    carried = re.findall(r'class="number">([\d.]+)</td>', second)[0]
    assert carried in re.findall(r"Balance after</span>([\d.]+)", first)[-1]
    assert _figures(first) == _figures(second)


@pytest.mark.parametrize("cursor", ["-1", "x", "9" * 40, "²"])
def test_a_cursor_that_is_none_breaks_nothing(
    browser_of: Client, spender: UUID, cursor: str
) -> None:
    assert _figures(_page(browser_of, f"?cursor={cursor}"))["Closing balance"] == "1"


@pytest.mark.parametrize(("query", "sentence"), BAD_PERIODS)
def test_a_bad_period_gets_a_clear_sentence(browser_of: Client, query: str, sentence: str) -> None:
    shown = browser_of.get(f"/credits/statement?{query}")
    downloaded = browser_of.get(f"/credits/statement.json?{query}")

    assert shown.status_code == downloaded.status_code == 422
    assert sentence in shown.content.decode()
    assert sentence in downloaded.content.decode()
    assert "Closing balance" not in shown.content.decode()


def test_without_a_period_it_is_this_month(browser_of: Client, spender: UUID) -> None:
    today = clock.now().date()

    page = _page(browser_of)

    assert f'value="{today.replace(day=1).isoformat()}"' in page
    assert f'value="{today.isoformat()}"' in page
    assert 'aria-current="true">This month</a>' in page


@pytest.mark.parametrize(
    ("today", "month_before"),
    [
        (date(2026, 1, 31), ("2025-12-01", "2025-12-31")),
        (date(2024, 3, 31), ("2024-02-01", "2024-02-29")),
        (date(2026, 11, 1), ("2026-10-01", "2026-10-31")),
    ],
)
def test_presets_are_periods_that_the_form_takes(
    monkeypatch: pytest.MonkeyPatch, today: date, month_before: tuple[str, str]
) -> None:
    at = clock.now().replace(year=today.year, month=today.month, day=today.day)
    monkeypatch.setattr(clock, "now", lambda: at)

    this_month, last_month, this_year = (preset.period for preset in presets())

    assert last_month.query == "from={}&until={}".format(*month_before)
    assert this_month.first_day == today.replace(day=1)
    assert this_year.first_day == today.replace(month=1, day=1)
    assert this_month.last_day == this_year.last_day == today
    for period in (this_month, last_month, this_year):
        given = {"from": period.first_day.isoformat(), "until": period.last_day.isoformat()}
        form = PeriodForm(given)
        assert form.is_valid()
        assert form.period() == period


@pytest.mark.both_databases
def test_the_csv_has_the_lines_of_the_page(browser_of: Client, spender: UUID) -> None:
    _call(spender, 250)

    answer = browser_of.get("/credits/statement.csv?from=2020-01-01&until=2990-01-01")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="credits-2020-01-01-2990-01-01.csv"' in answer["Content-Disposition"]
    text = _body(answer).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["amount_microcredits"] for row in rows] == ["", "1000000", "-250", ""]
    assert rows[-1]["balance_after_microcredits"] == "999750"


def test_the_json_adds_up(browser_of: Client, spender: UUID) -> None:
    _call(spender, 250)

    answer = browser_of.get("/credits/statement.json?from=2020-01-01&until=2990-01-01")

    assert answer["Content-Type"] == "application/json"
    assert "no-store" in answer["Cache-Control"]
    found = json.loads(_body(answer))
    moved = sum(line["amount_microcredits"] for line in found["lines"])
    assert found["opening_microcredits"] + moved == found["closing_microcredits"] == 999_750


def test_the_page_costs_a_search_and_no_query_per_line(browser_of: Client, spender: UUID) -> None:
    def queries_with(calls: int) -> int:
        for _number in range(calls):
            _call(spender, 5)
        with CaptureQueriesContext(connection) as queries:
            _page(browser_of)
        return len(queries)

    _page(browser_of)  # what is read once per process is read now

    few = queries_with(3)
    # The period's ends are found by halving: many more lines, a few more looks.
    assert queries_with(45) - few < 45 // 2


@pytest.mark.both_databases
def test_somebody_elses_line_is_as_missing_as_none(browser_of: Client, spender: UUID) -> None:
    stranger = new_id()
    books.grant(stranger, 1_000)
    hold_id = _call(stranger, 10)

    assert browser_of.get(f"/credits/requests/{hold_id}").status_code == 404
    assert browser_of.get(f"/credits/lines/{new_id()}").status_code == 404


@pytest.mark.both_databases
def test_a_request_leads_to_its_line(browser_of: Client, spender: UUID) -> None:
    hold_id = _call(spender, 250)

    answer = browser_of.get(f"/credits/requests/{hold_id}", follow=True)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "One line of your statement" in page
    assert str(hold_id) in page
    assert page.count('<tr role="row" id="line-') == 1
