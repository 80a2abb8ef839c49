"""Authenticator apps, recovery codes and the pages for passkeys."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from bluegpt.accounts.models import Person
from tests.accounts.conftest import PASSWORD, log_in, reauthenticate, text

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

ACTIVATE = "/account/2fa/totp/activate/"
AUTHENTICATE = "/account/2fa/authenticate/"


def code_now(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), or showed some steps of 30 seconds from now."""
    shown: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
    return shown


def secret_on(page: str) -> str:
    found = re.search(r"<code[^>]*>([A-Z2-7]{32})</code>", page)
    assert found
    return found[1]


def set_up(browser: Client) -> tuple[str, list[str]]:
    """Turn the app on; the secret and the recovery codes that were shown."""
    reauthenticate(browser)
    secret = secret_on(text(browser.get(ACTIVATE)))
    answer = browser.post(ACTIVATE, {"code": code_now(secret)})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    codes = re.findall(r"\b\d{8}\b", text(browser.get(answer["Location"])))
    cache.clear()  # a code works once in its thirty seconds
    return secret, codes


def test_an_app_asks_for_the_password_first(browser: Client) -> None:
    assert browser.get(ACTIVATE)["Location"].startswith("/account/reauthenticate/")


def test_with_an_app_log_in_takes_a_second_step(browser: Client, person: Person) -> None:
    secret, codes = set_up(browser)
    assert len(codes) == 10
    elsewhere = Client()

    assert log_in(elsewhere, person.email)["Location"] == AUTHENTICATE
    assert "_auth_user_id" not in elsewhere.session
    assert elsewhere.get("/account").status_code == 302
    assert "This code is not right" in text(elsewhere.post(AUTHENTICATE, {"code": "000000"}))
    assert elsewhere.post(AUTHENTICATE, {"code": code_now(secret)})["Location"] == "/conversations"
    assert "Two-step log-in is on" in [letter.subject for letter in mail.outbox]


def test_a_code_works_only_once(browser: Client, person: Person) -> None:
    secret, _ = set_up(browser)
    code = code_now(secret)
    first, second = Client(), Client()
    log_in(first, person.email)
    log_in(second, person.email)

    assert first.post(AUTHENTICATE, {"code": code}).status_code == 302
    assert second.post(AUTHENTICATE, {"code": code}).status_code == 200


def test_the_code_before_counts_while_the_next_one_is_typed_and_no_older_one(
    browser: Client, person: Person
) -> None:
    secret, _ = set_up(browser)
    elsewhere = Client()
    log_in(elsewhere, person.email)

    with time_machine.travel(time.time(), tick=False):
        old, last = (code_now(secret, steps=steps) for steps in (-3, -1))
        assert elsewhere.post(AUTHENTICATE, {"code": old}).status_code == 200
        assert elsewhere.post(AUTHENTICATE, {"code": last}).status_code == 302


def test_guessing_codes_is_slowed_down(browser: Client, person: Person) -> None:
    secret, _ = set_up(browser)
    elsewhere = Client()
    log_in(elsewhere, person.email)
    for _ in range(5):
        elsewhere.post(AUTHENTICATE, {"code": "000000"})

    page = text(elsewhere.post(AUTHENTICATE, {"code": code_now(secret)}))

    assert "five minutes at most" in page
    assert "_auth_user_id" not in elsewhere.session


def test_a_recovery_code_stands_in_once(browser: Client, person: Person) -> None:
    _, codes = set_up(browser)
    for expected in (302, 200):
        elsewhere = Client()
        log_in(elsewhere, person.email)
        assert elsewhere.post(AUTHENTICATE, {"code": codes[0]}).status_code == expected

    assert "9 codes left" in text(browser.get("/account/2fa/"))


def test_recovery_codes_are_shown_once(browser: Client) -> None:
    _, codes = set_up(browser)

    again = text(browser.get("/account/2fa/recovery-codes/"))

    assert not [code for code in codes if code in again]
    assert "cannot be shown again" in again
    assert browser.get("/account/2fa/recovery-codes/download/").status_code == 403


def test_new_recovery_codes_end_the_old_ones(browser: Client, person: Person) -> None:
    _, old = set_up(browser)
    answer = browser.post("/account/2fa/recovery-codes/generate/")
    new = re.findall(r"\b\d{8}\b", text(browser.get(answer["Location"])))
    elsewhere = Client()
    log_in(elsewhere, person.email)

    assert len(new) == 10
    assert elsewhere.post(AUTHENTICATE, {"code": old[0]}).status_code == 200
    assert elsewhere.post(AUTHENTICATE, {"code": new[0]}).status_code == 302


def test_a_wrong_first_code_keeps_the_secret_that_was_scanned(browser: Client) -> None:
    reauthenticate(browser)
    secret = secret_on(text(browser.get(ACTIVATE)))

    page = text(browser.post(ACTIVATE, {"code": "000000"}))

    assert secret_on(page) == secret
    assert browser.post(ACTIVATE, {"code": code_now(secret)}).status_code == 302


def test_turned_off_the_password_is_enough_again(browser: Client, person: Person) -> None:
    set_up(browser)
    assert "If you have no passkey" in text(browser.get("/account/2fa/totp/deactivate/"))

    browser.post("/account/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert log_in(Client(), person.email)["Location"] == "/conversations"


def test_no_secret_is_in_any_table_in_clear(browser: Client) -> None:
    reauthenticate(browser)
    secret = secret_on(text(browser.get(ACTIVATE)))
    pending = dict(browser.session.items())
    browser.post(ACTIVATE, {"code": code_now(secret)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        rows = str(cursor.fetchall())

    assert secret not in str(pending)
    assert secret not in rows
    assert "mfa.totp.secret" not in browser.session


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_the_passkey_page_hands_the_browser_what_it_needs(browser: Client, host: str) -> None:
    reauthenticate(browser)

    page = text(browser.get("/account/2fa/webauthn/add/", headers={"host": host}))

    assert '<script id="js_data" type="application/json">' in page
    assert 'id="mfa_webauthn_add"' in page
    assert 'src="/static/mfa/js/webauthn.js"' in page
    assert ("opened by a number" in page) is (host != "localhost:8000")


def test_the_passkey_list_is_empty_at_first(browser: Client) -> None:
    assert "no passkey yet" in text(browser.get("/account/2fa/webauthn/"))


def test_reauthentication_takes_the_app_as_well(browser: Client, person: Person) -> None:
    secret, _ = set_up(browser)
    elsewhere = Client()
    log_in(elsewhere, person.email)
    elsewhere.post(AUTHENTICATE, {"code": code_now(secret)})
    cache.clear()

    page = text(elsewhere.get("/account/reauthenticate/?next=/account/email/"))
    answer = elsewhere.post(
        "/account/2fa/reauthenticate/?next=/account/email/", {"code": code_now(secret)}
    )

    assert "/account/2fa/reauthenticate/" in page
    assert answer["Location"] == "/account/email/"
    assert PASSWORD not in page
