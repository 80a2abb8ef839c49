"""Forms about the service changing hands."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bluegpt.backoffice.forms import StaffForm, words_field
from bluegpt.privacy.types.successions import Declared


class SuccessionForm(StaffForm):
    """Who takes over, in words that everybody with an account will read."""

    acquirer = forms.CharField(label=_("Who takes over"), max_length=200)
    country = forms.RegexField(
        label=_("Country"),
        regex="^[A-Za-z]{2}$",
        help_text=_("Its two letters, such as FR."),
        error_messages={"invalid": _("Type the two letters of a country, such as FR.")},
    )
    contact = forms.CharField(label=_("How to reach them"), max_length=300)
    changes = words_field(
        _("What changes for people"),
        chars_max=2_000,
        rows=6,
        help_text=_("It is sent as you type it; write it in each language that people read."),
    )

    def told(self) -> Declared:
        """What was typed; only of a valid form."""
        return Declared(**self.cleaned_data)


class ObjectionForm(StaffForm):
    """Who has objected by mail or by post."""

    email = forms.EmailField(label=_("Who objects"), help_text=_("The address of their account."))
