"""Where an account is logged in, and how that ends."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from bluegpt.accounts import errors
from bluegpt.accounts.models import Person
from bluegpt.accounts.queries.sessions import sessions
from bluegpt.accounts.rules.browsers import browser_of, system_of
from bluegpt.accounts.services import people
from bluegpt.accounts.services import sessions as services
from bluegpt.core import clock
from tests.accounts.conftest import PASSWORD, NewPerson, log_in, text

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

PAGE = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
)


@pytest.mark.parametrize(
    ("line", "browser", "system"),
    [
        (FIREFOX, "Firefox", "Linux"),
        (IPHONE, "Safari", "iPhone"),
        (EDGE, "Edge", "Windows"),
        ("", "", ""),
        ("<script>", "", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(line: str, browser: str, system: str) -> None:
    assert (browser_of(line), system_of(line)) == (browser, system)


def visit(person: Person, user_agent: str) -> Client:
    client = Client(headers={"user-agent": user_agent})
    log_in(client, person.email)
    return client


def test_the_list_names_each_browser_and_marks_this_one(person: Person) -> None:
    visit(person, IPHONE)
    here = visit(person, FIREFOX)

    page = text(here.get(PAGE))

    assert "Safari on iPhone" in page
    assert page.index("Firefox on Linux") < page.index("this one") < page.index("Safari on iPhone")
    assert "127.0.0.1" in page


def test_ending_one_session_logs_that_browser_out(person: Person) -> None:
    there, here = visit(person, IPHONE), visit(person, FIREFOX)
    other = next(s for s in sessions(person.id) if s.browser == "Safari")

    answer = here.post(f"{PAGE}{other.id}/end", follow=True)

    assert "That browser is logged out." in text(answer)
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    assert len(sessions(person.id)) == 1


def test_ending_all_others_keeps_this_one(person: Person) -> None:
    others = [visit(person, IPHONE), visit(person, EDGE)]
    here = visit(person, FIREFOX)

    answer = here.post(f"{PAGE}others/end", follow=True)

    assert "2 other browsers are logged out." in text(answer)
    assert [client.get("/account").status_code for client in others] == [302, 302]
    assert here.get("/account").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(person: Person, new_person: NewPerson) -> None:
    there = visit(person, IPHONE)
    stranger = new_person("eve@example.org")

    with pytest.raises(errors.UnknownSession):
        services.end(person_id=stranger.id, session_id=sessions(person.id)[0].id)

    assert there.get("/account").status_code == 200


def test_an_ended_session_is_not_listed(person: Person) -> None:
    there = visit(person, IPHONE)
    there.post("/account/logout/")

    assert sessions(person.id) == ()
    assert UserSession.objects.count() <= 1


def test_a_session_is_noted_once_a_minute(person: Person) -> None:
    client = visit(person, IPHONE)
    cache.clear()
    start = clock.now() + timedelta(hours=1)
    with time_machine.travel(start, tick=False):
        client.get("/account/2fa/", REMOTE_ADDR="192.0.2.7", headers={"user-agent": FIREFOX})
    with time_machine.travel(start + timedelta(seconds=50), tick=False):
        client.get("/account/2fa/")

    (seen,) = sessions(person.id)
    assert (seen.last_seen_at, seen.ip, seen.browser) == (start, "192.0.2.7", "Firefox")
    with CaptureQueriesContext(connection) as asked:
        client.get("/account/logout/")
    assert not [query for query in asked.captured_queries if "usersession" in query["sql"]]


async def test_a_session_is_noted_under_asgi_too() -> None:
    person = await sync_to_async(people.create_person)(email="ada@example.org", password=PASSWORD)
    client = AsyncClient()
    await client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    logged_in_at = (await UserSession.objects.aget()).last_seen_at
    cache.clear()

    answer = await client.get("/account")

    assert answer.status_code == 200
    assert (await UserSession.objects.aget()).last_seen_at > logged_in_at


def test_the_list_takes_two_queries_however_long_it_is(
    person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for user_agent in (IPHONE, EDGE, FIREFOX):
        visit(person, user_agent)

    with django_assert_num_queries(2):
        assert len(sessions(person.id)) == 3
