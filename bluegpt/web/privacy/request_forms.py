"""What the pages of requests and directions are sent, checked before anything is done with it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.directives import DISPOSABLE, Directions, Wish
from bluegpt.privacy.types.requests import Contact
from bluegpt.privacy.types.rights import BESIDE_THE_NINE, Right

WORDS_CHARS_MAX = 4_000
_TOO_LONG = _("That is too long. Say it in 4,000 characters or fewer.")


def _words_field(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=WORDS_CHARS_MAX,
        help_text=help_text,
        error_messages={
            "required": _("Say it in words: a sentence or two."),
            "max_length": _TOO_LONG,
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def right_choices(*, with_heirs: bool) -> list[tuple[str, str]]:
    """Every right by its name, and the matters beside them."""
    language = get_language() or "en"
    rights = manifest().rights.rights
    shown = [right for right in Right if with_heirs or right is not Right.HEIRS]
    return [(right.value, rights[right].name.in_language(language)) for right in shown]


class RequestForm(forms.Form):
    """A request from the account."""

    asked_as = "request"

    right = forms.TypedChoiceField(label=_("What it is about"), coerce=Right)
    words = _words_field(
        _("In your words"),
        required=False,
        help_text=_("What exactly, and since when. Nobody but those who answer reads it."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        self.fields["right"].choices = right_choices(with_heirs=False)  # type: ignore[attr-defined]

    @override
    def clean(self) -> dict[str, Any]:
        """What cannot be read from the right alone has to be said."""
        data = self.cleaned_data
        needs_words = {Right.RECTIFICATION, *BESIDE_THE_NINE}
        if data.get("right") in needs_words and not data.get("words", "").strip():
            self.add_error("words", _("Say it in words: a sentence or two."))
        return data


class ClarificationForm(forms.Form):
    """More about a request."""

    asked_as = "clarification"

    words = _words_field(_("Add something"), required=True)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")


class ContactForm(forms.Form):
    """A request from somebody who cannot log in."""

    asked_as = "contact"

    right = forms.TypedChoiceField(label=_("What it is about"), coerce=Right)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The one that you used here."),
        error_messages={"required": _("Type your e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    words = _words_field(_("In your words"), required=True)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        self.fields["right"].choices = right_choices(with_heirs=True)  # type: ignore[attr-defined]


class ContactCodeForm(forms.Form):
    """The code from the mail."""

    asked_as = "contact_code"

    reference = forms.CharField(
        label=_("Reference"),
        max_length=20,
        help_text=_("It stands in the subject of the mail."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Upper or lower case, with the dash or without."),
        widget=forms.TextInput(
            attrs={"data-kind": "code", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")


WISH_LABELS = {
    "": _("I say nothing"),
    Wish.KEEP.value: _("Keep it until its term"),
    Wish.ERASE.value: _("Erase it"),
    Wish.HAND_OVER.value: _("Hand it to the person I trust, then erase it"),
}


class DirectionsForm(forms.Form):
    """What is to become of each kind of data, and who sees to it."""

    asked_as = "directions"

    trusted_name = forms.CharField(
        label=_("Name of the person you trust"), required=False, max_length=200
    )
    trusted_email = forms.CharField(
        label=_("Their e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    trusted_post = forms.CharField(
        label=_("Their postal address"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("Tell them that you named them."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, known: Directions | None = None
    ) -> None:
        trusted = (known and known.trusted) or Contact()
        wishes = known.wishes if known else {}
        initial = {
            "trusted_name": trusted.name,
            "trusted_email": trusted.email,
            "trusted_post": trusted.post,
            **{each.value: wish.value for each, wish in wishes.items()},
        }
        super().__init__(data, label_suffix="", initial=initial)
        language = get_language() or "en"
        for each in DISPOSABLE:
            facts = manifest().classes[each]
            self.fields[each.value] = forms.ChoiceField(
                label=facts.name.in_language(language),
                help_text=facts.covers.in_language(language),
                choices=list(WISH_LABELS.items()),
                required=False,
            )
        self.order_fields([each.value for each in DISPOSABLE])

    def wishes(self) -> dict[DataClass, Wish]:
        """What was chosen; only of a valid form."""
        chosen = {each: self.cleaned_data[each.value] for each in DISPOSABLE}
        return {each: Wish(wish) for each, wish in chosen.items() if wish}

    def trusted(self) -> Contact | None:
        """Who was named; only of a valid form."""
        contact = Contact(
            name=self.cleaned_data["trusted_name"].strip(),
            email=self.cleaned_data["trusted_email"].strip(),
            post=self.cleaned_data["trusted_post"].strip(),
        )
        return None if contact == Contact() else contact
