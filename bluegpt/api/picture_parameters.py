"""What a request for pictures may say. Nothing is ignored that would change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from bluegpt.api import reading
from bluegpt.api.errors import InvalidParameter
from bluegpt.providers.types.pictures import AUTO, PictureFormat
from bluegpt.studio.flows.drawing import NUMBER_MAX

HONOURED = frozenset({"model", "prompt", "n", "size", "quality", "background", "output_format"})
# As in `parameters`: by name, the values beside null that ask for what is done anyway.
NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "moderation": (AUTO,),
    "output_compression": (),
    "partial_images": (0,),
    "response_format": ("b64_json",),
    "stream": (False,),
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


def read(body: bytes) -> Wanted:
    """The request in a body. Raises UnreadableRequest, InvalidParameter, UnsupportedParameter."""
    given = reading.body(body)
    reading.known(given, ignored=HONOURED | WITHOUT_BEARING, neutral=NEUTRAL)
    number = reading.count(given.get("n"), "n") or 1
    if number > NUMBER_MAX:
        raise InvalidParameter("n", _("a whole number from 1 to %(most)d") % {"most": NUMBER_MAX})
    background = reading.choice(given.get("background"), "background", _BACKGROUNDS, AUTO)
    format_ = PictureFormat(
        reading.choice(given.get("output_format"), "output_format", tuple(PictureFormat), "png")
    )
    if background == "transparent" and format_ is PictureFormat.JPEG:
        raise InvalidParameter("background", _("“opaque” where pictures are JPEG"))
    return Wanted(
        model_key=reading.text(given.get("model"), "model"),
        prompt=reading.text(given.get("prompt"), "prompt"),
        number=number,
        size=reading.text(given.get("size") or AUTO, "size"),
        quality=reading.text(given.get("quality") or AUTO, "quality"),
        background=background,
        format=format_,
        body_json=orjson.dumps(given, option=orjson.OPT_SORT_KEYS),
    )
