"""The process dies in the middle of an answer: nothing paid for is lost, nothing is paid twice."""

import asyncio
import time
from collections.abc import Iterator
from decimal import Decimal

import aiohttp
import pytest

from tests.end_to_end import people
from tests.end_to_end.installation import Installation
from tests.end_to_end.talking_http import Begun, Caller, caller, turns
from tests.furnished import furnish

# Half a minute of answer: nobody waits for its end.
ENDLESS = "Tell me everything\nsandbox: pace_ms=30 tokens=1000"
RECOVERED_WITHIN_S = 20
STOPPED_WITHIN_S = 20
# A sandbox token costs 72 microcredits; a question of this size less than 100 tokens of 18.
OUTPUT_MICROCREDITS = 72


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server that the tests may kill, if they start it again."""
    folder = tmp_path_factory.mktemp("killed")
    site = Installation(furnish(folder / "data"), folder / "server.log")
    site.start()
    yield site
    site.stop()


@pytest.fixture
def own_member(own_site: Installation) -> people.Member:
    return people.read(own_site.run("tests.end_to_end.people", "1"))[0]


async def test_a_killed_server_marks_keeps_and_settles_what_was_under_way(
    own_site: Installation, own_member: people.Member
) -> None:
    async with caller(own_site, own_member) as person:
        begun = await person.ask(ENDLESS)
        heard = await person.text_so_far(begun.call_id, chars=250)
        await _checkpointed()
        own_site.kill()
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await person.page("/")

        await asyncio.to_thread(own_site.start)
        page = await _once_interrupted(person, begun)
        followed = await person.finished(begun.call_id)

    kept = dict(turns(page))["assistant"]
    assert len(kept) >= 200
    assert kept.startswith(heard[:200])
    assert followed.strip() == kept
    _is_settled_on_what_was_used(own_site, own_member, page, kept)


async def test_a_server_told_to_stop_ends_at_once_and_settles_first(
    own_site: Installation, own_member: people.Member
) -> None:
    async with caller(own_site, own_member) as person:
        begun = await person.ask(ENDLESS)
        reading = asyncio.create_task(person.finished(begun.call_id))
        await person.text_so_far(begun.call_id, chars=100)

        took_s = await asyncio.to_thread(own_site.stop)
        heard = await reading

        assert took_s < STOPPED_WITHIN_S
        _is_settled(own_site, own_member)
        await asyncio.to_thread(own_site.start)
        page = await person.page(f"/conversations/{begun.conversation_id}")

    assert "Interrupted: the server stopped" in page
    kept = dict(turns(page))["assistant"]
    assert kept == heard.strip()
    _is_settled_on_what_was_used(own_site, own_member, page, kept)


async def _checkpointed() -> None:
    """A checkpoint is made every two seconds; one has been made by then."""
    await asyncio.sleep(2.5)


async def _once_interrupted(person: Caller, begun: Begun) -> str:
    deadline = time.monotonic() + RECOVERED_WITHIN_S
    while time.monotonic() < deadline:
        page = await person.page(f"/conversations/{begun.conversation_id}")
        if "Interrupted: the server stopped" in page:
            return page
        await asyncio.sleep(0.5)
    raise AssertionError(f"not marked as interrupted after {RECOVERED_WITHIN_S} s")


def _is_settled(site: Installation, member: people.Member) -> Decimal:
    available, held = site.balance(member.email)
    assert held == "0"
    assert "The books add up." in site.command("ledger", "verify")
    return 100 - Decimal(available)


def _is_settled_on_what_was_used(
    site: Installation, member: people.Member, page: str, kept: str
) -> None:
    """The charge is that of about as many tokens as the text has, far below what was held."""
    charged = _is_settled(site, member)
    tokens = Decimal(len(kept)) / 4
    price = tokens * OUTPUT_MICROCREDITS / 1_000_000
    assert price / 2 < charged < price * 4
    assert charged < Decimal("0.1")
    assert f"{charged.normalize():f} credits" in page
