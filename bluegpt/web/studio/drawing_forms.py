"""What the image studio is sent, checked before anything is done with it."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bluegpt.core.errors import Refused
from bluegpt.providers.types.pictures import AUTO, PictureFormat
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.media import PictureWish
from bluegpt.web.studio.forms import uuid_or_none

NUMBER_MAX = 8
SEED_MAX = 2**31 - 1
# More than any model takes; what one takes is studio's to say.
_INPUTS_MAX = 32
# As many signs stand in for a prompt that stays on its page until it is sent.
_QUOTED_CHARS_MAX = 200_000


class SettingsForm(forms.Form):
    """What is chosen beside the words. Fields that a page leaves out mean the model's choice."""

    asked_as = "picture"

    model = forms.CharField(max_length=200)
    size = forms.CharField(required=False, max_length=20)
    quality = forms.CharField(required=False, max_length=20)
    number = forms.IntegerField(required=False, min_value=1, max_value=NUMBER_MAX)
    background = forms.CharField(required=False, max_length=20)
    format = forms.ChoiceField(required=False, choices=[(each, each) for each in PictureFormat])
    style = forms.CharField(required=False, max_length=40)
    seed = forms.IntegerField(required=False, min_value=0, max_value=SEED_MAX)

    def wish(
        self,
        person_id: UUID,
        *,
        text: str,
        input_ids: tuple[UUID, ...],
        mask: bytes = b"",
        request_key: UUID | None = None,
    ) -> PictureWish:
        """The pictures wished for; the form is valid."""
        data = self.cleaned_data
        return PictureWish(
            person_id=person_id,
            model_key=data["model"],
            text=text,
            number=data["number"] or 1,
            size=data["size"] or AUTO,
            quality=data["quality"] or AUTO,
            background=data["background"] or AUTO,
            format=PictureFormat(data["format"] or PictureFormat.PNG),
            style=data["style"],
            seed=data["seed"],
            input_ids=input_ids,
            mask=mask,
            request_key=request_key,
        )


class PictureForm(SettingsForm):
    """The composer of pictures."""

    text = forms.CharField(
        error_messages={"required": gettext_lazy("Say what the image is to show.")}
    )
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class QuoteForm(SettingsForm):
    """The sizes of a draft, not the draft."""

    ascii = forms.IntegerField(min_value=0, max_value=_QUOTED_CHARS_MAX, widget=forms.HiddenInput)
    other = forms.IntegerField(min_value=0, max_value=_QUOTED_CHARS_MAX, widget=forms.HiddenInput)

    def stand_in(self) -> str:
        """A text that counts as the draft does."""
        data = self.cleaned_data
        return f"{'a' * data['ascii']}{'é' * data['other']}"


def inputs_of(data: QueryDict) -> tuple[UUID, ...]:
    """The pictures to work from, in order, each once. Raises Refused for what names none."""
    found = [uuid_or_none(each) for each in data.getlist("input")]
    ids = tuple(dict.fromkeys(each for each in found if each is not None))
    if len(ids) != len(dict.fromkeys(data.getlist("input"))) or len(ids) > _INPUTS_MAX:
        raise Refused(_("This page lost track of its reference images. Reload it."))
    return ids


def uploads_of(request: HttpRequest) -> tuple[Upload, ...]:
    """The files of a form; a file field left empty is no file."""
    files = request.FILES.getlist("files")
    return tuple(Upload(name=file.name or "", data=file.read()) for file in files)
