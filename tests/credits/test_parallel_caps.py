"""Many calls at once against one spending cap: exactly as many pass as it allows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection, transaction

from bluegpt.core.errors import BlueError
from bluegpt.core.ids import new_id
from bluegpt.credits.errors import CapReached
from bluegpt.credits.models import Hold
from bluegpt.credits.queries import prices
from bluegpt.credits.queries.caps import caps_of
from bluegpt.credits.services import caps, ledger
from bluegpt.credits.types import CapPeriod, Settlement
from tests.credits import books

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def _together(works: list[Callable[[], object]]) -> list[object]:
    """Run all works in threads that start at one instant; results or refusals in order."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        start.wait()
        return _in_thread(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def _in_thread(work: Callable[[], object]) -> object:
    try:
        return work()
    except BlueError as error:
        return error
    finally:
        connection.close()


def _spend(person_id: UUID, amount: int, used: int) -> Settlement:
    ticket = ledger.hold(
        hold_id=new_id(), person_id=person_id, quote=prices.quote(books.tokens(amount))
    )
    return books.settle(ticket.id, used)


def _limit(person_id: UUID, amount: int, period: CapPeriod = CapPeriod.DAY) -> None:
    caps.set_cap(person_id=person_id, period=period, limit_microcredits=amount)


def test_of_forty_spenders_under_a_cap_for_thirteen_thirteen_pass(rich_person: UUID) -> None:
    _limit(rich_person, 139)
    _limit(rich_person, 500, CapPeriod.MONTH)

    outcomes = _together([lambda: books.hold(rich_person, 10)] * 40)

    refused = [outcome for outcome in outcomes if isinstance(outcome, CapReached)]
    assert (len(refused), Hold.objects.count()) == (27, 13)
    assert [view.used_microcredits for view in caps_of(rich_person)] == [130, 130]
    assert books.broken() == []


def test_spenders_that_settle_meanwhile_never_charge_more_than_the_cap(rich_person: UUID) -> None:
    _limit(rich_person, 100)

    outcomes = _together([lambda: _spend(rich_person, 20, 7)] * 24)

    charged = sum(
        outcome.charged_microcredits for outcome in outcomes if isinstance(outcome, Settlement)
    )
    [view] = caps_of(rich_person)
    assert view.used_microcredits == charged <= 100
    assert charged >= 5 * 7  # as many as fit side by side in any order
    assert books.broken() == []


def test_a_cap_waits_for_a_hold_that_is_being_placed_and_counts_it(rich_person: UUID) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            books.hold(rich_person, 70)
            setting = pool.submit(_in_thread, lambda: _limit(rich_person, 100))
            wait([setting], timeout=0.3)  # long enough for a cap that would not wait
        setting.result()

    assert [view.used_microcredits for view in caps_of(rich_person)] == [70]


def test_a_cap_set_among_spenders_counts_each_of_them_once(rich_person: UUID) -> None:
    works: list[Callable[[], object]] = [lambda: _spend(rich_person, 20, 5)] * 12
    works += [lambda: books.hold(rich_person, 20)] * 6
    works += [lambda: _limit(rich_person, 900)] * 4

    outcomes = _together(works)

    assert not [outcome for outcome in outcomes if isinstance(outcome, BlueError)]
    assert [view.used_microcredits for view in caps_of(rich_person)] == [12 * 5 + 6 * 20]
