"""Whether this installation made a picture or a film: for anybody, by the file's digest alone.

Nothing is changed and nobody is known here, so there is no cookie, and no token against forged
forms. A file that is sent is hashed as it is read, and neither kept nor decoded.
"""

import hashlib
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from typing_extensions import override

from bluegpt.core.errors import Refused
from bluegpt.studio.queries import made_files
from bluegpt.web import cookieless, pace
from bluegpt.web.cookieless import in_asked_language

_TIMES_AN_HOUR = 60
_DIGEST = re.compile(r"[0-9a-f]{64}")


class DigestForm(forms.Form):
    """A file, or its digest. The file itself is never a part of the form: see `_Hashing`."""

    file = forms.FileField(label=gettext_lazy("Image or video"), required=False)
    digest = forms.CharField(
        label=gettext_lazy("Or its SHA-256"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )

    def clean_digest(self) -> str:
        """Sixty-four hexadecimal digits, however they were pasted. Empty when there are none."""
        text = "".join(str(self.cleaned_data["digest"]).lower().split()).removeprefix("sha256:")
        if text and not _DIGEST.fullmatch(text):
            raise forms.ValidationError(
                _("This is no SHA-256: it has 64 signs, digits and the letters a to f.")
            )
        return text


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_asked_language
def page(request: HttpRequest) -> HttpResponse:
    """The form, and what is known of the file."""
    if request.method != "POST":
        return _page(request, DigestForm())
    hashing = _Hashing(request)
    request.upload_handlers = [hashing]
    form = DigestForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    digest = hashing.digest or form.cleaned_data["digest"]
    if not digest:
        form.add_error("file", _("Choose a file, or paste its SHA-256."))
        return _page(request, form, status=422)
    try:
        pace.insist_on(request, door="studio.made_here", times_an_hour=_TIMES_AN_HOUR)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=422)
    found = made_files.made_here(digest)
    return _page(request, DigestForm(), digest=digest, found=found)


def _page(
    request: HttpRequest, form: DigestForm, *, status: int = 200, **answer: Any
) -> HttpResponse:
    context = {"form": form, "bytes_max": settings.FILE_UPLOAD_MAX_MEMORY_SIZE, **answer}
    response = cookieless.page(request, "studio/made_here.html", context)
    response.status_code = status
    return response


class _Hashing(FileUploadHandler):
    """Takes the digest of a file while it is read, and keeps nothing of it, not even its name."""

    digest = ""

    @override
    def new_file(self, *args: Any, **more: Any) -> None:
        """A file begins; of several the last counts."""
        super().new_file(*args, **more)
        self._hash = hashlib.sha256()

    @override
    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next bytes of it; None says that no other handler is to see them."""
        self._hash.update(raw_data)

    @override
    def file_complete(self, file_size: int) -> None:
        """It has ended; None says that there is no file. Without a byte it was none."""
        if file_size:
            self.digest = self._hash.hexdigest()
