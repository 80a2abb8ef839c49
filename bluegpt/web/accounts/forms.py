"""The forms of the account pages: allauth's, in our words, and our own."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from bluegpt.accounts.services import factors
from bluegpt.core import money

_GOOD_PASSWORD = _(
    "12 characters of upper case, lower case, digits and signs will do, and so will 5 random "
    "words. You will never be asked to change it for its age."
)
_CODE_ATTRS = {
    "data-kind": "code",
    "autocomplete": "one-time-code",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "autofocus": True,
}


def _word(field: forms.Field, label: Any, help_text: Any = "", **attrs: Any) -> None:
    """Give a field our label and help; a placeholder would only repeat the label."""
    field.label = label
    field.label_suffix = ""
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class SignupForm(account.SignupForm):
    """Two fields: nothing is asked that an account can do without."""

    asked_as = "signup"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["email"], _("E-mail address"))
        self.fields["email"].error_messages["required"] = _("Type your e-mail address.")
        _word(
            self.fields["password1"],
            _("Password"),
            _(
                "12 characters of upper case, lower case, digits and signs will do, and so will "
                "5 random words."
            ),
        )


class LoginForm(account.LoginForm):
    """Address and password."""

    asked_as = "login"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The browser offers passkeys in the same list as saved passwords.
        _word(self.fields["login"], _("E-mail address"), autocomplete="username webauthn")
        _word(self.fields["password"], _("Password"))


class ReauthenticateForm(account.ReauthenticateForm):
    """The password, once more."""

    asked_as = "password_again"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password"], _("Password"), autofocus=True)


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password and the new one; a typing mistake is mended by a reset."""

    asked_as = "password_change"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _word(self.fields["oldpassword"], _("Current password"))
        _word(self.fields["password1"], _("New password"), _GOOD_PASSWORD)


class SetPasswordForm(account.SetPasswordForm):
    """A first password."""

    asked_as = "first_password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _word(self.fields["password1"], _("New password"), _GOOD_PASSWORD)


class ResetPasswordForm(account.ResetPasswordForm):
    """Where to send the code."""

    asked_as = "password_reset"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["email"], _("E-mail address"), autofocus=True)


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    """The new password after a reset."""

    asked_as = "new_password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _word(self.fields["password1"], _("New password"), _GOOD_PASSWORD, autofocus=True)


class AddEmailForm(account.AddEmailForm):
    """The new address, which counts once its code has been typed."""

    asked_as = "new_address"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self.fields["email"],
            _("New e-mail address"),
            _("We send a code there. Until you type it in, nothing changes."),
        )


class EmailCodeForm(account.ConfirmEmailVerificationCodeForm):
    """The code that confirms an address."""

    asked_as = "address_code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["code"], _("Code"), _("Upper or lower case, with the dash or without."))
        self.fields["code"].widget.attrs.update(_CODE_ATTRS)


class ResetCodeForm(account.ConfirmPasswordResetCodeForm):
    """The code that allows a new password."""

    asked_as = "reset_code"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["code"], _("Code"), _("Upper or lower case, with the dash or without."))
        self.fields["code"].widget.attrs.update(_CODE_ATTRS)


class AuthenticateForm(mfa.AuthenticateForm):
    """The second step at log-in."""

    asked_as = "second_step"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_factor_code(self.fields["code"])


class ReauthenticateByCodeForm(mfa.ReauthenticateForm):
    """The second step, once more."""

    asked_as = "code_again"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_factor_code(self.fields["code"])


class ActivateTOTPForm(AllauthActivateTOTPForm):
    """The first code of an authenticator app.

    allauth's constructor would put the secret into the session in clear and draw a new one at each
    look at the page; ours is sealed, and a wrong code keeps the secret that was scanned.
    """

    asked_as = "authenticator"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        kept = factors.shown_secret if self.is_bound else factors.new_secret
        self.secret = kept(context.request.session, person_id=self.user.pk)
        _word(self.fields["code"], _("Code from the app"), _("Six digits, new every 30 seconds."))
        self.fields["code"].widget.attrs.update(_CODE_ATTRS, inputmode="numeric", autofocus=False)


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """A name for the passkey; the browser does the rest."""

    asked_as = "passkey"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["name"], _("Name"), _("To tell it from others, such as “My phone”."))
        self.fields["passwordless"].initial = True
        _word(
            self.fields["passwordless"],
            _("Log in with this passkey alone, without e-mail address and password"),
            _("Your device asks for a fingerprint, a face or its PIN each time."),
        )


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    asked_as = "passkey_name"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["name"], _("Name"), maxlength=80)


class ApiKeyForm(forms.Form):
    """A new API key."""

    asked_as = "api_key"

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What it is for, so that you recognise it later."),
        error_messages={"required": _("Give the key a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    monthly_cap = forms.DecimalField(
        label=_("Limit in credits per month"),
        required=False,
        min_value=0,
        decimal_places=6,
        max_digits=15,
        help_text=_("The most that this key may spend in a calendar month."),
        error_messages={"invalid": _("Type a number of credits, such as 50.")},
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("The key ends with this day, by UTC."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Type a day as year-month-day, such as 2027-01-31.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")

    def clean_monthly_cap(self) -> int | None:
        """The cap in microcredits."""
        credits = self.cleaned_data["monthly_cap"]
        return None if credits is None else money.microcredits(credits)

    def expires_at(self) -> datetime | None:
        """The instant after the last day."""
        last_day = self.cleaned_data["last_day"]
        if last_day is None:
            return None
        return datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=UTC)


def _word_factor_code(field: forms.Field) -> None:
    _word(field, _("Code"), _("Six digits from your authenticator app, or a recovery code."))
    field.widget.attrs.update(_CODE_ATTRS)
