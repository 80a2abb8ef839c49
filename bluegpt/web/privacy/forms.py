"""What is asked about the policy."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayForm(forms.Form):
    """A day of which somebody wants to know the policy."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
