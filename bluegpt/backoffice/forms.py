"""What the staff pages are sent, checked before anything is done with it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.staff import roles

_NO_DAY = _("Type a day as year-month-day, such as 2026-11-30.")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, typed or picked."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _NO_DAY, "invalid": _NO_DAY},
        **options,
    )


def words_field(label: Any, *, chars_max: int, rows: int = 3, **options: Any) -> forms.CharField:
    """Some sentences."""
    return forms.CharField(
        label=label,
        max_length=chars_max,
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )


def classes_field(label: Any) -> forms.TypedMultipleChoiceField:
    """Kinds of personal data, by the names that the policy gives them."""
    return forms.TypedMultipleChoiceField(
        label=label, coerce=DataClass, widget=forms.CheckboxSelectMultiple
    )


def class_choices() -> list[tuple[str, str]]:
    """The kinds of personal data in the reader's language."""
    language = get_language() or "en"
    classes = manifest().classes
    return [
        (data_class.value, classes[data_class].name.in_language(language))
        for data_class in DataClass
        if data_class is not DataClass.TECHNICAL and data_class in classes
    ]


class StaffForm(forms.Form):
    """No colon after labels, and kinds of data named in the reader's language."""

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        for field in self.fields.values():
            if isinstance(field, forms.TypedMultipleChoiceField) and field.coerce is DataClass:
                field.choices = class_choices()


class HoldForm(StaffForm):
    """A legal hold: everything is compulsory."""

    email = forms.EmailField(label=_("Whose data"), help_text=_("The address of the account."))
    data_classes = classes_field(_("What is kept"))
    text = words_field(
        _("Why"), chars_max=500, help_text=_("The matter, without what people wrote in it.")
    )
    law = forms.CharField(
        label=_("The law it rests on"),
        max_length=200,
        help_text=_("The text and its article, such as: Code of criminal procedure, art. 60-1."),
    )
    ends_on = day_field(_("Last day"))


class GrantForm(StaffForm):
    """A role for somebody, until the end of a day of UTC."""

    email = forms.EmailField(label=_("Who"), help_text=_("The address of their account."))
    role = forms.ChoiceField(label=_("Role"))
    last_day = day_field(_("Last day"))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        language = get_language() or "en"
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.key, role.name.in_language(language)) for role in roles()
        ]

    def ends_at(self) -> datetime:
        """The last instant of the day; only of a valid form."""
        return datetime.combine(self.cleaned_data["last_day"], time.max, tzinfo=UTC)
