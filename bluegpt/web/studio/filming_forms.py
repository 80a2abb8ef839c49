"""What the video studio is sent, checked before anything is done with it."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from bluegpt.providers.types.films import FilmAct
from bluegpt.studio.types.media import FilmWish

SECONDS_MAX = 600
# As many signs stand in for a prompt that stays on its page until it is sent.
_QUOTED_CHARS_MAX = 200_000


class FilmSettingsForm(forms.Form):
    """What is chosen beside the words. What a model does not offer is studio's to refuse."""

    asked_as = "film"

    model = forms.CharField(max_length=200)
    size = forms.CharField(required=False, max_length=20)
    seconds = forms.IntegerField(required=False, min_value=1, max_value=SECONDS_MAX)
    sound = forms.BooleanField(required=False)
    act = forms.ChoiceField(
        required=False, choices=[(act, act) for act in FilmAct], widget=forms.HiddenInput
    )
    source = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def wish(
        self,
        person_id: UUID,
        *,
        text: str,
        picture_id: UUID | None,
        wants_mail: bool = False,
        request_key: UUID | None = None,
    ) -> FilmWish:
        """The film wished for; the form is valid."""
        data = self.cleaned_data
        return FilmWish(
            person_id=person_id,
            model_key=data["model"],
            text=text,
            seconds=data["seconds"] or 0,
            size=data["size"],
            with_sound=data["sound"],
            act=FilmAct(data["act"] or FilmAct.CREATE),
            picture_id=picture_id,
            source_id=data["source"],
            wants_mail=wants_mail,
            request_key=request_key,
        )


class FilmForm(FilmSettingsForm):
    """The composer of films."""

    text = forms.CharField(
        strip=False,
        error_messages={"required": gettext_lazy("Say what the video is to show.")},
    )
    mail = forms.BooleanField(required=False)
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class FilmQuoteForm(FilmSettingsForm):
    """The sizes of a draft, not the draft."""

    ascii = forms.IntegerField(min_value=0, max_value=_QUOTED_CHARS_MAX, widget=forms.HiddenInput)
    other = forms.IntegerField(min_value=0, max_value=_QUOTED_CHARS_MAX, widget=forms.HiddenInput)

    def stand_in(self) -> str:
        """A text that counts as the draft does."""
        data: dict[str, int] = self.cleaned_data
        return "a" * data["ascii"] + "é" * data["other"]
