"""Log-in and everything that protects it, in a browser."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end import talking
from tests.end_to_end.browsing import Visit, Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import PASSWORD, Member

pytestmark = pytest.mark.browser

NEW_PASSWORD = "Wrong-cow-8-generator"
STEP_S = 30  # how long a code of an authenticator app is shown


def _log_in(visit: Visit, email: str, password: str = PASSWORD) -> None:
    visit.go("/account/login/")
    visit.page.get_by_label("E-mail address").fill(email)
    visit.page.get_by_label("Password").fill(password)
    visit.page.get_by_role("button", name="Log in", exact=True).click()


def _confirm_it_is_me(page: Page, password: str = PASSWORD) -> None:
    """Pass the page that asks for the password once more, where it stands in the way."""
    if "/reauthenticate" in page.url:
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Continue").click()


def _totp(secret: str) -> str:
    """What an authenticator app shows now. Source: RFC 6238, RFC 4226."""
    moment = struct.pack(">Q", int(time.time()) // STEP_S)
    digest = hmac.digest(base64.b32decode(secret), moment, hashlib.sha1)
    at = digest[-1] & 0xF
    number = int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def _unused_totp(secret: str) -> str:
    """The app's next code: the one that turned it on counts as used."""
    time.sleep(STEP_S - time.time() % STEP_S)
    return _totp(secret)


def _is_in(page: Page) -> None:
    expect(page).to_have_url(re.compile("/conversations$"))


def test_an_authenticator_app_and_then_a_recovery_code_open_the_account(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member)
    page = visit.page
    visit.go("/account/2fa/totp/activate/")
    _confirm_it_is_me(page)
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code from the app").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".field-error")).to_be_visible()
    assert page.locator("main code").inner_text() == secret
    page.get_by_label("Code from the app").fill(_totp(secret))
    page.get_by_role("button", name="Turn on").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    visit.look()
    visit.go("/account/2fa/recovery-codes/")
    assert codes[0] not in page.content()

    for code, is_good in ((codes[0], True), (codes[0], False), (_unused_totp(secret), True)):
        other = window.open()
        _log_in(other, member.email)
        expect(other.page.locator("h1")).to_have_text("One more step")
        other.look()
        other.page.get_by_label("Code", exact=True).fill(code)
        other.page.get_by_role("button", name="Log in", exact=True).click()
        if is_good:
            _is_in(other.page)
        else:
            expect(other.page.locator(".field-error")).to_be_visible()
    _holds_no_secret(site, [secret, *codes])


def _holds_no_secret(site: Installation, secrets: list[str]) -> None:
    written = [path.read_bytes() for path in site.data_dir.rglob("*") if path.is_file()]
    for secret in secrets:
        assert not any(secret.encode() in data for data in [*written, site.log().encode()])


def test_a_passkey_is_added_and_opens_the_account_alone(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member)
    page = visit.page
    devtools = visit.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{site.named_address}/account/2fa/webauthn/add/")
    _confirm_it_is_me(page)
    page.get_by_label("Name").fill("My telephone")
    page.locator("#mfa_webauthn_add").click()
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    page.goto(f"{site.named_address}/account/2fa/webauthn/")
    expect(page.locator(".row-name")).to_contain_text("My telephone")
    visit.look()

    talking.open_menu(page).get_by_role("button", name="Log out").click()
    page.goto(f"{site.named_address}/account/login/")
    page.get_by_role("button", name="Log in with a passkey").click()

    _is_in(page)


def test_a_session_is_ended_from_another_browser(window: Window, member: Member) -> None:
    here, there = window.open(), window.open(user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    _log_in(here, member.email)
    _is_in(here.page)
    _log_in(there, member.email)
    _is_in(there.page)

    here.go("/account/sessions/")
    other = here.page.locator("li", has_text="Firefox")
    expect(here.page.locator("li", has_text="this one")).to_have_count(1)
    here.look()
    other.get_by_role("button", name="End").click()

    expect(here.page.locator(".notice")).to_contain_text("logged out")
    there.go("/conversations")
    expect(there.page).to_have_url(re.compile("/account/login/"))
    here.go("/conversations")
    _is_in(here.page)


def test_an_api_key_is_shown_once_and_can_be_revoked(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = visit.page
    visit.go("/account/keys")
    page.get_by_label("Name").fill("Nightly script")
    page.get_by_label("Limit in credits").fill("12.5")
    page.get_by_role("button", name="Make the key").click()

    secret = page.locator("#secret").inner_text()
    assert re.fullmatch(r"bgpt_\S{40,}", secret)
    visit.look()
    visit.go("/account/keys")
    assert secret not in page.content()
    expect(page.locator("main")).to_contain_text("at most 12.5 credits a month")
    page.get_by_role("button", name="Revoke").click()
    expect(page.locator(".notice")).to_contain_text("no longer works")


def test_a_forgotten_password_is_replaced_with_a_mailed_code(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open()
    page = visit.page
    visit.go("/account/password/reset/")
    page.get_by_label("E-mail address").fill(member.email)
    page.get_by_role("button", name="Send the code").click()
    visit.look()
    page.get_by_label("Code").fill(site.code(member.email))
    page.get_by_role("button", name="Continue").click()
    visit.look()
    page.get_by_label("New password").fill("too easy")
    page.get_by_role("button", name="Use this password").click()
    expect(page.locator(".field-error")).to_be_visible()
    visit.look()
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Use this password").click()
    page.wait_for_load_state("load")

    before = window.open(member)
    before.go("/conversations")
    expect(before.page).to_have_url(re.compile("/account/login/"))
    after = window.open()
    _log_in(after, member.email, NEW_PASSWORD)
    _is_in(after.page)


def test_a_new_address_counts_once_its_code_is_typed(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member)
    page = visit.page
    address = f"new-{member.email}"
    visit.go("/account/email/")
    page.get_by_label("New e-mail address").fill(address)
    page.get_by_role("button", name="Send a code").click()
    if "/reauthenticate" in page.url:
        visit.look()
        _confirm_it_is_me(page)
        if visit.path == "/account/email/":
            page.get_by_label("New e-mail address").fill(address)
            page.get_by_role("button", name="Send a code").click()
    code = site.code(address)
    elsewhere = window.open(member, device=1)
    elsewhere.go("/account")
    expect(elsewhere.page.locator("main")).not_to_contain_text(address)

    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Continue").click()

    expect(page).to_have_url(re.compile("/account$"))
    expect(page.locator("main")).to_contain_text(address)
    assert site.mails(member.email)


def test_after_five_wrong_passwords_log_in_says_how_long_to_wait(
    window: Window, new_member: Callable[[], Member]
) -> None:
    member = new_member()
    visit = window.open()
    for _attempt in range(5):
        _log_in(visit, member.email, "Not-the-password-1")
        expect(visit.page.locator("[role=alert]")).to_contain_text("do not belong together")
    visit.look()

    _log_in(visit, member.email)

    expect(visit.page.locator("[role=alert]")).to_contain_text(
        re.compile("Too many attempts. Wait [45] minutes")
    )
    expect(visit.page.get_by_label("E-mail address")).to_have_value(member.email)
