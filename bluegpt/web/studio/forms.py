"""What the conversation pages are sent, checked before anything is done with it."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from bluegpt.providers.types.turns import Role
from bluegpt.studio.types.conversations import TemporaryTurn

SYSTEM_CHARS_MAX = 20_000
TURNS_MAX = 500


class HistoryField(forms.CharField):
    """The turns so far of a temporary conversation, as the page remembers them: JSON."""

    widget = forms.HiddenInput

    @override
    def clean(self, value: Any) -> tuple[TemporaryTurn, ...]:
        """Turns by question and answer in alternation. Anything else was not made by our page."""
        try:
            turns = tuple(_turn(item) for item in json.loads(super().clean(value) or "[]"))
        except (ValueError, TypeError, KeyError):
            raise forms.ValidationError(_HISTORY_IS_BROKEN) from None
        expected = [Role.USER, Role.ASSISTANT] * (len(turns) // 2)
        if len(turns) > TURNS_MAX or [turn.role for turn in turns] != expected:
            raise forms.ValidationError(_HISTORY_IS_BROKEN)
        return turns


_HISTORY_IS_BROKEN = _("This page lost track of the conversation. Start a new temporary one.")


def _turn(item: Any) -> TemporaryTurn:
    text = item["text"]
    if not isinstance(text, str):
        raise TypeError
    return TemporaryTurn(role=Role(item["role"]), text=text)


class MessageForm(forms.Form):
    """The composer. Limits of text and files are studio's to say, with its own sentences."""

    asked_as = "message"

    text = forms.CharField(required=False, strip=False, max_length=None)
    model = forms.CharField(max_length=200)
    conversation = forms.UUIDField(required=False, widget=forms.HiddenInput)
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    system = forms.CharField(required=False, max_length=SYSTEM_CHARS_MAX, strip=False)
    temporary = forms.BooleanField(required=False, widget=forms.HiddenInput)
    history = HistoryField(required=False)


def _count(*, required: bool) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=0, max_value=10_000_000, required=required, widget=forms.HiddenInput
    )


class QuoteForm(forms.Form):
    """Sizes of a draft, not the draft."""

    model = forms.CharField(max_length=200, widget=forms.HiddenInput)
    conversation = forms.UUIDField(required=False, widget=forms.HiddenInput)
    ascii = _count(required=True)
    other = _count(required=True)
    file_tokens = _count(required=False)

    def counts(self) -> dict[str, int]:
        """The counts by the names that the quote takes them by."""
        data = self.cleaned_data
        return {
            "ascii_chars": data["ascii"],
            "other_chars": data["other"],
            "file_tokens": data["file_tokens"] or 0,
        }


class TitleForm(forms.Form):
    asked_as = "title"
    title = forms.CharField(max_length=200)


class SystemForm(forms.Form):
    asked_as = "instructions"
    system = forms.CharField(required=False, max_length=SYSTEM_CHARS_MAX, strip=False)


class SwitchForm(forms.Form):
    """A state that is on or off."""

    on = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)

    @property
    def is_on(self) -> bool:
        return bool(self.cleaned_data["on"] == "yes")


class BranchForm(forms.Form):
    message = forms.UUIDField(widget=forms.HiddenInput)


class EditionForm(forms.Form):
    asked_as = "edition"
    text = forms.CharField(required=False, strip=False)
    model = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class RetryForm(forms.Form):
    asked_as = "retry"
    model = forms.CharField(required=False, max_length=200)


class SearchForm(forms.Form):
    words = forms.CharField(required=False, max_length=200)
    cursor = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)


def complaints(form: forms.Form) -> str:
    """All that is wrong with a form, each fault behind the name of its field."""
    return " ".join(
        f"{field}: {error}" for field, errors in form.errors.items() for error in errors
    )


def uuid_or_none(text: str) -> UUID | None:
    """An id from an address, None when it is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def request_bytes_max() -> int:
    """The most that one post may weigh: all its files at their largest."""
    limits = settings.BLUEGPT.chat
    return int(limits.attachment_bytes_max * limits.attachments_max)
