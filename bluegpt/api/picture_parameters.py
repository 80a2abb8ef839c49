"""What a request for pictures may say. Nothing is ignored that would change them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import orjson
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _

from bluegpt.api import reading
from bluegpt.api.errors import InvalidParameter, UnreadableRequest, UnsupportedParameter
from bluegpt.providers.types.pictures import AUTO, PictureFormat
from bluegpt.studio.flows.drawing import NUMBER_MAX
from bluegpt.studio.types.files import Upload

HONOURED = frozenset(
    {"model", "prompt", "n", "size", "quality", "background", "output_format"}
    | {"stream", "partial_images"}
)
PARTIALS_MAX = 3
# Of an edit, beside those: several pictures have brackets behind their name.
EDIT_FILES = frozenset({"image", "image[]", "mask"})
# As in `parameters`: by name, the values beside null that ask for what is done anyway.
NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "moderation": (AUTO,),
    "output_compression": (),
    "response_format": ("b64_json",),
    "style": (),
}
WITHOUT_BEARING = frozenset({"safety_identifier", "user"})
_BACKGROUNDS = ("transparent", "opaque", AUTO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request for pictures, understood. `body_json` is one spelling of the whole body."""

    model_key: str
    prompt: str
    number: int
    size: str
    quality: str
    background: str
    format: PictureFormat
    body_json: bytes
    uploads: tuple[Upload, ...] = ()
    mask: bytes = b""
    is_streamed: bool = False
    partials: int = 0


def read(body: bytes) -> Wanted:
    """The request in a body. Raises UnreadableRequest, InvalidParameter, UnsupportedParameter."""
    given = reading.body(body)
    reading.known(given, ignored=HONOURED | WITHOUT_BEARING, neutral=NEUTRAL)
    return _wanted(given)


def read_edit(request: HttpRequest) -> Wanted:
    """The request in a form, with the pictures to work from. Raises what `read` raises.

    In a form every value is text: numbers and truths are read from their spelling.
    """
    try:
        fields, files = request.POST, request.FILES
    except (MultiPartParserError, SuspiciousOperation):
        raise UnreadableRequest from None
    given: dict[str, Any] = {name: _unspelled(name, value) for name, value in fields.items()}
    neutral = dict(NEUTRAL) | {"input_fidelity": ()}
    reading.known(given, ignored=HONOURED | WITHOUT_BEARING, neutral=neutral)
    for name in files:
        if name not in EDIT_FILES:
            raise UnsupportedParameter(name, _("There is no parameter “%(param)s”."))
    uploads = tuple(
        Upload(name=file.name or "", data=file.read())
        for name in ("image", "image[]")
        for file in files.getlist(name)
    )
    if not uploads:
        raise InvalidParameter("image", _("a file of a form, or several"))
    masks = files.getlist("mask")
    mask = masks[0].read() if masks else b""
    return replace(
        _wanted(given | {"files": [sha256(each).hexdigest() for each in _bytes(uploads, mask)]}),
        uploads=uploads,
        mask=mask,
    )


def _bytes(uploads: tuple[Upload, ...], mask: bytes) -> tuple[bytes, ...]:
    return (*(upload.data for upload in uploads), mask)


def _unspelled(name: str, value: object) -> object:
    """A form's value as JSON would have it; what is no number stays to be refused."""
    if name in ("n", "partial_images", "output_compression") and str(value).isdecimal():
        return int(str(value))
    if name == "stream":
        return {"true": True, "false": False}.get(str(value).lower(), value)
    return value or None


def _wanted(given: Mapping[str, Any]) -> Wanted:
    number = reading.count(given.get("n"), "n") or 1
    if number > NUMBER_MAX:
        raise InvalidParameter("n", _("a whole number from 1 to %(most)d") % {"most": NUMBER_MAX})
    background = reading.choice(given.get("background"), "background", _BACKGROUNDS, AUTO)
    format_ = PictureFormat(
        reading.choice(given.get("output_format"), "output_format", tuple(PictureFormat), "png")
    )
    if background == "transparent" and format_ is PictureFormat.JPEG:
        raise InvalidParameter("background", _("“opaque” where pictures are JPEG"))
    is_streamed = reading.truth(given.get("stream"), "stream")
    partials = given.get("partial_images") or 0
    if not isinstance(partials, int) or not 0 <= partials <= PARTIALS_MAX:
        raise InvalidParameter(
            "partial_images", _("a whole number from 0 to %(most)d") % {"most": PARTIALS_MAX}
        )
    if partials and not is_streamed:
        raise InvalidParameter("stream", _("true where unfinished pictures are wanted"))
    if is_streamed and number > 1:
        raise InvalidParameter("n", _("1 where the picture is streamed"))
    return Wanted(
        is_streamed=is_streamed,
        partials=partials,
        model_key=reading.text(given.get("model"), "model"),
        prompt=reading.text(given.get("prompt"), "prompt"),
        number=number,
        size=reading.text(given.get("size") or AUTO, "size"),
        quality=reading.text(given.get("quality") or AUTO, "quality"),
        background=background,
        format=format_,
        body_json=orjson.dumps(given, option=orjson.OPT_SORT_KEYS),
    )
