"""How allauth's journeys behave here: where they lead, what they write, how long they make wait."""

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from bluegpt.accounts.adapters.reopening import ReopeningStage
from bluegpt.core import clock

_LOGIN_FAILED = {"app": "allauth.account", "action": "login_failed"}


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks, with our rules behind them.

    Log-in, sign-up and reset answer the same for addresses that we know and that we do not:
    allauth's enumeration protection gives the same pages, and the hooks below the same work.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This already is the address of your account."),
        "email_password_mismatch": _(
            "The e-mail address and the password do not belong together. Check both and try again."
        ),
        "email_taken": _("This address belongs to another account. Use a different one."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right. Check it and type it again."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _(
            "That was a little fast. Wait a moment, five minutes at most, then try again."
        ),
        "same_as_current": _("This already is your address. Type the new one."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait a moment, five minutes at most, then start again."
        ),
    }

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        """Keep the language in which the person signed up: their mails will be in it too."""
        user.language = (get_language() or "en")[:2]  # type: ignore[attr-defined]
        saved: AbstractBaseUser = super().save_user(request, user, form, commit=commit)
        return saved

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of the address, and take as long as making an account takes."""
        make_password("the same work as for a new account")
        super().send_account_already_exists_mail(email)

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: no journey ever ends on another host."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_stages(self) -> list[str]:
        """allauth's steps of a log-in, then ours."""
        stages: list[str] = super().get_login_stages()
        return [*stages, f"{ReopeningStage.__module__}.{ReopeningStage.__qualname__}"]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/account"

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """After a changed address, back to the page where it was changed."""
        return "/account" if self.request.user.is_authenticated else "/account/login/"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; after too many, refuse with the time that is left.

        By address and by network, before any password is looked at: an address that we do not
        know is slowed down like one that we know.
        """
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise ValidationError(_too_many(_wait_s(request, key)), code=refused.code) from None


def _wait_s(request: HttpRequest, key: str) -> float:
    """Seconds until the next attempt is allowed: until the oldest one counted is out of sight."""
    now_s = clock.now().timestamp()
    waits = [0.0]
    for rate in ratelimit.get_rates(**_LOGIN_FAILED):
        place = ratelimit.get_cache_key(request, rate=rate, key=key, **_LOGIN_FAILED)
        attempts = cache.get(place, [])  # the newest first
        if len(attempts) >= rate.amount:
            waits.append(attempts[-1] + rate.duration - now_s)
    return max(waits)


def _too_many(wait_s: float) -> str:
    minutes = max(1, math.ceil(wait_s / 60))
    return ngettext(
        "Too many attempts. Wait %(minutes)d minute, then try again, or choose a new password.",
        "Too many attempts. Wait %(minutes)d minutes, then try again, or choose a new password.",
        minutes,
    ) % {"minutes": minutes}
