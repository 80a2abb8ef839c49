"""What the gallery is sent: what to show of it, and what to do with what was chosen."""

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from bluegpt.core.errors import Refused
from bluegpt.studio.types.media import GalleryFilter, Kind, Origin
from bluegpt.web.studio.forms import uuid_or_none

# A page holds 60; somebody who loads more may choose among all that are on it. A form holds 1,000
# fields.
CHOSEN_MAX = 500
ALBUM_NAME_CHARS_MAX = 100


class GalleryForm(forms.Form):
    """The filters, as an address has them. What cannot be read filters nothing."""

    kind = forms.ChoiceField(required=False, choices=[(each, each) for each in Kind])
    origin = forms.ChoiceField(required=False, choices=[(each, each) for each in Origin])
    favourites = forms.BooleanField(required=False)
    album = forms.UUIDField(required=False)
    model = forms.CharField(required=False, max_length=200)
    words = forms.CharField(required=False, max_length=200)

    def wanted(self) -> GalleryFilter:
        """What of the gallery is to be shown."""
        self.is_valid()
        data = self.cleaned_data
        kind, origin = data.get("kind"), data.get("origin")
        return GalleryFilter(
            kind=Kind(kind) if kind else None,
            origin=Origin(origin) if origin else Origin.MADE,
            is_favourite=bool(data.get("favourites")),
            album_id=data.get("album"),
            model_key=data.get("model", ""),
            words=data.get("words", ""),
        )


class AlbumForm(forms.Form):
    """The name of an album."""

    asked_as = "album"
    name = forms.CharField(max_length=ALBUM_NAME_CHARS_MAX)


def chosen_of(data: QueryDict) -> tuple[UUID, ...]:
    """The assets that were chosen, each once. Raises Refused when there are none, or too many."""
    found = (uuid_or_none(each) for each in data.getlist("asset"))
    ids = tuple(dict.fromkeys(each for each in found if each is not None))
    if not ids:
        raise Refused(_("Choose one or more images first."))
    if len(ids) > CHOSEN_MAX:
        raise Refused(_("Choose at most %(most)d at once.") % {"most": CHOSEN_MAX})
    return ids
