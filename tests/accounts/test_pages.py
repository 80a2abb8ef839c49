"""The account page, the page of API keys, and what holds for all of them."""

import re

import pytest
from django.core import mail
from django.test import Client

from bluegpt.accounts.models import ApiKey, Person
from bluegpt.accounts.queries.api_keys import api_key_of, api_keys
from bluegpt.accounts.services import api_keys as services
from bluegpt.credits.queries.caps import caps_of
from tests.accounts.conftest import reauthenticate, text

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

KEYS = "/account/keys"
FOR_VISITORS = ("/account/login/", "/account/signup/", "/account/password/reset/")
FOR_PEOPLE = (
    "/account",
    KEYS,
    "/account/sessions/",
    "/account/email/",
    "/account/password/change/",
    "/account/logout/",
    "/account/reauthenticate/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
)
_INLINE = re.compile(r"<script(?![^>]*(?:src=|application/json|nonce=))|\son\w+=|\sstyle=")


def sound(page: str) -> None:
    """What every page owes its readers."""
    assert page.count("<h1") == 1
    assert "<title>" in page
    assert not _INLINE.search(page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(described.split()) <= set(ids)
    for field in re.findall(r'<input(?![^>]*type="hidden")[^>]*\sid="([^"]+)"', page):
        assert f'for="{field}"' in page or "field-choice" in page


@pytest.mark.parametrize("address", FOR_VISITORS)
def test_a_visitors_page_is_sound(client: Client, address: str) -> None:
    sound(text(client.get(address)))


@pytest.mark.parametrize("address", FOR_PEOPLE)
def test_a_persons_page_is_sound_and_kept_by_nobody(browser: Client, address: str) -> None:
    reauthenticate(browser)

    answer = browser.get(address)

    assert answer.status_code == 200
    sound(text(answer))


@pytest.mark.parametrize("address", FOR_PEOPLE)
def test_a_persons_page_is_closed_to_visitors(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302


def test_the_account_page_shows_each_thing_with_its_state(browser: Client, person: Person) -> None:
    services.create(person_id=person.id, name="script")

    page = text(browser.get("/account"))

    for state in (
        "ada@example.org",
        "Off: the password alone opens your account",
        "0 passkeys",
        "1 browser is logged in",
        "1 key",
        "Language",
        "Colours",
    ):
        assert state in page
    assert browser.get("/account/")["Location"] == "/account"


def test_a_new_key_is_shown_once_and_works(browser: Client, person: Person) -> None:
    answer = browser.post(
        KEYS, {"name": "my script", "monthly_cap": "12.5", "last_day": "2099-12-31"}
    )

    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    secret = re.findall(r"bgpt_[\w-]{43}", text(answer))[0]
    key = api_key_of(secret)
    assert key is not None
    [cap] = caps_of(person.id)
    assert (cap.key_id, cap.period, cap.limit_microcredits) == (key.id, "month", 12_500_000)
    assert str(key.expires_at) == "2100-01-01 00:00:00+00:00"
    page = text(browser.get(KEYS))
    assert "my script" in page
    assert "at most 12.5 credits a month, 0 used" in page
    assert key.prefix in page
    assert secret not in page


def test_the_owner_hears_of_a_new_key(browser: Client) -> None:
    browser.post(KEYS, {"name": "my script"})

    assert mail.outbox[-1].subject == "A new API key was made"
    assert "my script" in mail.outbox[-1].body
    assert "bgpt_" not in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": ""}, "Give the key a name."),
        ({"name": "x", "monthly_cap": "lots"}, "Type a number of credits"),
        ({"name": "x", "monthly_cap": "0"}, "more than zero credits"),
        ({"name": "x", "monthly_cap": "-1"}, "greater than or equal to 0"),
        ({"name": "x", "last_day": "tomorrow"}, "year-month-day"),
        ({"name": "x", "last_day": "2020-01-01"}, "in the past"),
    ],
)
def test_a_bad_form_says_why_and_keeps_what_was_typed(
    browser: Client, form: dict[str, str], sentence: str
) -> None:
    answer = browser.post(KEYS, form)

    assert answer.status_code == 422
    assert sentence in text(answer)
    for value in filter(None, form.values()):
        assert f'value="{value}"' in text(answer)
    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_from_the_page(browser: Client, person: Person) -> None:
    key, secret = services.create(person_id=person.id, name="script")

    answer = browser.post(f"{KEYS}/{key.id}/revocation", follow=True)

    assert "The key is revoked." in text(answer)
    assert "1 key that no longer works" in text(answer)
    assert api_key_of(secret) is None
    assert api_keys(person.id)[0].revoked_at is not None


def test_a_key_that_is_not_there_is_a_sentence(browser: Client) -> None:
    answer = browser.post(f"{KEYS}/00000000-0000-0000-0000-000000000000/revocation", follow=True)

    assert "This API key does not exist." in text(answer)


@pytest.mark.parametrize("address", [*FOR_VISITORS, KEYS])
def test_the_pages_speak_the_language_of_the_browser(browser: Client, address: str) -> None:
    browser.cookies["language"] = "fr"

    answer = browser.get(address)

    assert answer.status_code == 302 or 'lang="fr"' in text(answer)
