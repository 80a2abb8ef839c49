"""What the credits pages are sent, checked before anything is done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from bluegpt.core import money
from bluegpt.credits.types import CapPeriod

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2999, 12, 31)
WORDS_CHARS_MAX = 2_000
_NO_DAY = _("Type a day as year-month-day, such as 2026-11-30.")
_FAR_DAY = _("Choose a day between the years 2000 and 2999.")
_NO_AMOUNT = _("Type a number of credits above zero, such as 50.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days of UTC, the first and the last included."""

    first_day: date
    last_day: date

    @property
    def from_at(self) -> datetime:
        """The instant with which the period begins."""
        return datetime.combine(self.first_day, time.min, tzinfo=UTC)

    @property
    def until_at(self) -> datetime:
        """The instant before which it ends."""
        return datetime.combine(self.last_day + timedelta(days=1), time.min, tzinfo=UTC)

    @property
    def query(self) -> str:
        """The period as the end of an address."""
        return f"from={self.first_day.isoformat()}&until={self.last_day.isoformat()}"


class PeriodForm(forms.Form):
    """From one day to another. The address names them `from` and `until`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["from"] = _day_field(_("From"))
        self.fields["until"] = _day_field(_("Until"))
        self.order_fields(["from", "until"])

    @override
    def clean(self) -> dict[str, Any]:
        """The end does not come before the beginning."""
        data = self.cleaned_data
        if len(data) == 2 and data["until"] < data["from"]:
            self.add_error("until", _("The last day is before the first one. Choose a later one."))
        return data

    def period(self) -> Period:
        """What was asked for; only of a valid form."""
        return Period(first_day=self.cleaned_data["from"], last_day=self.cleaned_data["until"])


class QuestionForm(forms.Form):
    """What is wrong with a line, in the person's own words."""

    asked_as = "line_question"

    words = forms.CharField(
        label=_("What is wrong with it?"),
        max_length=WORDS_CHARS_MAX,
        help_text=_("Say what you expected. A person reads it and answers here."),
        error_messages={
            "required": _("Write what is wrong, in a sentence or two."),
            "max_length": _("That is too long. Say it in 2,000 characters or fewer."),
        },
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")


class LimitForm(forms.Form):
    """A spending limit: for the account (no key) or for a key, per day or month."""

    asked_as = "limit"

    key = forms.TypedChoiceField(label=_("What for"), required=False, coerce=UUID, empty_value=None)
    period = forms.TypedChoiceField(
        label=_("How long it counts"),
        choices=[(CapPeriod.DAY.value, _("Per day")), (CapPeriod.MONTH.value, _("Per month"))],
        coerce=CapPeriod,
        initial=CapPeriod.MONTH.value,
    )
    credits = forms.DecimalField(
        label=_("Credits"),
        decimal_places=6,
        max_digits=15,
        error_messages={
            "required": _NO_AMOUNT,
            "invalid": _NO_AMOUNT,
            "max_digits": _("That is more credits than there are. Type a smaller number."),
            "max_whole_digits": _("That is more credits than there are. Type a smaller number."),
            "max_decimal_places": _("A credit has at most six decimals."),
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        localize=True,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        keys: Mapping[str, str],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, label_suffix="", initial=dict(initial or {}))
        choices = [("", _("The whole account")), *keys.items()]
        self.fields["key"].choices = choices  # type: ignore[attr-defined]

    def clean_credits(self) -> int:
        """The limit in microcredits."""
        amount = money.microcredits(self.cleaned_data["credits"])
        if amount <= 0:
            raise forms.ValidationError(_NO_AMOUNT)
        return amount


class RemovalForm(forms.Form):
    """Which limit is to go; without a key the account's own."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    period = forms.TypedChoiceField(
        choices=[(period.value, period.value) for period in CapPeriod],
        coerce=CapPeriod,
        widget=forms.HiddenInput,
    )


def _day_field(label: Any) -> forms.DateField:
    field = forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _NO_DAY, "invalid": _NO_DAY},
    )
    field.validators.append(_within_reach)
    return field


def _within_reach(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(_FAR_DAY)
