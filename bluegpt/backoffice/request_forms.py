"""Forms of the desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bluegpt.backoffice.forms import StaffForm, day_field, words_field
from bluegpt.backoffice.request_words import CHANNELS
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.standing import has_switch
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.services.identity_documents import COPY_BYTES_MAX
from bluegpt.privacy.types.requests import Channel, Contact
from bluegpt.privacy.types.rights import Right

WORDS_CHARS_MAX = 4_000  # what the desk takes
_MEDIA_TYPES = ("image/jpeg", "image/png", "application/pdf")
_SENT = _("It is sent to the person as it stands.")


class IntakeForm(StaffForm):
    """A request that came by mail or by post."""

    right = forms.TypedChoiceField(label=_("What it is about"), coerce=Right)
    channel = forms.TypedChoiceField(
        label=_("How it came"),
        coerce=Channel,
        choices=[(each.value, CHANNELS[each]) for each in (Channel.EMAIL, Channel.POST)],
    )
    received_on = day_field(
        _("Day of receipt"), help_text=_("The clock starts on it, whenever it is recorded.")
    )
    email = forms.EmailField(
        label=_("Their e-mail address (optional)"),
        required=False,
        help_text=_("A code goes there at once, to show that the request is theirs."),
    )
    name = forms.CharField(label=_("Their name (optional)"), required=False, max_length=200)
    post = words_field(_("Their postal address (optional)"), chars_max=400, rows=2, required=False)
    words = words_field(_("What they wrote"), chars_max=WORDS_CHARS_MAX)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"received_on": desk.today()})
        language = get_language() or "en"
        rights = manifest().rights.rights
        self.fields["right"].choices = [  # type: ignore[attr-defined]
            (right.value, rights[right].name.in_language(language)) for right in Right
        ]

    def contact(self) -> Contact:
        """Where to answer; only of a valid form."""
        given = self.cleaned_data
        return Contact(name=given["name"], email=given["email"], post=given["post"])


class QuestionForm(StaffForm):
    """Asking back."""

    words = words_field(
        _("Your question"),
        chars_max=WORDS_CHARS_MAX,
        help_text=_("It is sent to the person as it stands. The clock runs on."),
    )


class ExtensionForm(StaffForm):
    """More time, once."""

    by_months = forms.TypedChoiceField(
        label=_("How much longer"), coerce=int, choices=[(1, _("1 month")), (2, _("2 months"))]
    )
    words = words_field(_("Why"), chars_max=WORDS_CHARS_MAX, help_text=_SENT)


def _switches(right: Right) -> dict[str, forms.Field]:
    """The purposes that an objection can shut; no field for anything else."""
    language = get_language() or "en"
    shut = [
        (each.key, each.name.in_language(language))
        for each in manifest().purposes.values()
        if has_switch(each)
    ]
    if right is not Right.OBJECTION or not shut:
        return {}
    return {
        "purposes": forms.MultipleChoiceField(
            label=_("What their data is no longer used for"),
            choices=shut,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=_("The switch is turned with the answer, as they would turn it themselves."),
        )
    }


class AnswerForm(StaffForm):
    """What was asked is done."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, right: Right) -> None:
        super().__init__(data)
        self.fields = {**_switches(right), **self.fields}

    words = words_field(
        _("What was done (optional)"),
        chars_max=WORDS_CHARS_MAX,
        required=False,
        help_text=_SENT,
    )


class RefusalForm(StaffForm):
    """A refusal on one of the grounds of this right."""

    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    words = words_field(_("How it applies here"), chars_max=WORDS_CHARS_MAX, help_text=_SENT)
    is_partly = forms.BooleanField(
        label=_("A part is answered; the rest is refused"), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, right: Right) -> None:
        super().__init__(data)
        language = get_language() or "en"
        chapter = manifest().rights
        grounds = [chapter.refusals[code] for code in chapter.rights[right].refusals]
        self.fields |= _switches(right)
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (each.code, f"{each.text.in_language(language)} ({each.source})") for each in grounds
        ]


class LiftingForm(StaffForm):
    """Why a freeze that was granted ends."""

    words = words_field(_("Why it ends"), chars_max=WORDS_CHARS_MAX, help_text=_SENT)


class DoubtForm(StaffForm):
    """Why it is doubtful who asks."""

    words = words_field(
        _("What makes it doubtful who asks"),
        chars_max=WORDS_CHARS_MAX,
        help_text=_("Facts, not feelings. Once a second person agrees it is sent to the person."),
    )


class DocumentForm(StaffForm):
    """The masked copy of a document."""

    copy = forms.FileField(label=_("Masked copy"), help_text=_("JPEG, PNG or PDF, 2 MB at most."))
    is_masked = forms.BooleanField(
        label=_("I have looked: photograph, numbers and signature are masked")
    )

    def clean_copy(self) -> Any:
        """A small file of a kind that shows a document."""
        copy = self.cleaned_data["copy"]
        if copy.size > COPY_BYTES_MAX or copy.content_type not in _MEDIA_TYPES:
            raise forms.ValidationError(_("Choose a JPEG, a PNG or a PDF of 2 MB at most."))
        return copy
