"""OpenAI's Images API, and what is compatible with it.

Source: OpenAI's API description, `POST /images/generations` and `POST /images/edits`.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

import aiohttp

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import Question, check
from bluegpt.providers.adapters.one_by_one import one_by_one
from bluegpt.providers.adapters.picture_replies import (
    counted,
    decoded,
    events,
    is_stream,
    opened,
    whole,
)
from bluegpt.providers.adapters.reading import listed, mapping
from bluegpt.providers.errors import StreamCut
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.openai_usage import images_usage
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.pictures import (
    AUTO,
    Drawn,
    PartialPicture,
    PictureFormat,
    PictureRequest,
)

_QUALITIES = frozenset({"low", "medium", "high"})
_BACKGROUNDS = frozenset({"transparent", "opaque"})

Steps = AsyncGenerator[PartialPicture | Drawn, None]


class OpenAIImages:
    """What was asked once is never asked again. With references it is an edit, as a form.

    An event does not say which of several pictures it is of, so a stream carries one picture.
    Several with partial ones are asked for side by side, unless each would read the references
    anew, which costs more than the wait is worth: then none comes on the way.
    """

    def __init__(self, route: Route) -> None:
        self._route = route

    def draw(self, request: PictureRequest, *, clearance: Clearance) -> Steps:
        """Make the pictures. Raises the errors of `providers.errors`."""
        check(request, clearance)
        if request.partials and not request.references:
            return one_by_one(request, lambda one: self._drawn(one, clearance))
        return self._drawn(request, clearance)

    async def _drawn(self, request: PictureRequest, clearance: Clearance) -> Steps:
        key = self._route.api_key
        fields = _fields(request, clearance, is_portable=self._route.is_portable)
        question = Question(
            base_url=self._route.base_url,
            path="/images/edits" if request.references else "/images/generations",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            body=_form(request, fields) if request.references else fields,
        )
        response = await opened(question)
        if not is_stream(response):
            yield _all(await whole(response), request)
            return
        async for event in events(response):
            kind = str(event.get("type"))
            if kind.endswith(".partial_image"):
                yield PartialPicture(place=0, data=decoded(event.get("b64_json")))
            elif kind.endswith(".completed"):
                yield _last(event, request)
                return
        raise StreamCut


def _fields(
    request: PictureRequest, clearance: Clearance, *, is_portable: bool
) -> Mapping[str, Any]:
    """Servers that are merely compatible get the fields that all of them understand."""
    fields: dict[str, Any] = {
        "model": request.model.wire_name,
        "prompt": request.prompt,
        "n": request.number,
        "user": clearance.pairwise_id,
    }
    if is_portable:
        fields["response_format"] = "b64_json"
        if request.size != AUTO:
            fields["size"] = request.size
    else:
        fields |= {
            "size": request.size,
            "quality": request.quality,
            "background": request.background,
            "output_format": request.format.value,
        }
        if request.format is not PictureFormat.PNG:
            fields["output_compression"] = 90
    if request.style in request.model.drawing.styles:
        fields["style"] = request.style
    if request.seed is not None and request.model.drawing.has_seeds:
        fields["seed"] = request.seed
    if request.partials and request.number == 1:
        fields |= {"stream": True, "partial_images": request.partials}
    return fields


def _form(request: PictureRequest, fields: Mapping[str, Any]) -> aiohttp.FormData:
    """The same as a form, with the pictures. Their files have no names but numbers."""
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, str(value).lower() if isinstance(value, bool) else str(value))
    for number, part in enumerate(request.references, 1):
        form.add_field(
            "image[]",
            part.data,
            content_type=part.media_type,
            filename=f"{number}.{part.media_type.removeprefix('image/')}",
        )
    if request.mask:
        form.add_field("mask", request.mask, content_type="image/png", filename="mask.png")
    return form


def _all(body: dict[str, Any], request: PictureRequest) -> Drawn:
    """All pictures of a whole reply; an address instead of one is not followed."""
    entries = listed(body.get("data"), "the pictures")
    files = tuple(decoded(mapping(entry, "a picture").get("b64_json")) for entry in entries)
    if len(files) != request.number:
        raise malformed("another number of pictures than was asked for")
    return _made(files, body, request)


def _last(event: dict[str, Any], request: PictureRequest) -> Drawn:
    return _made((decoded(event.get("b64_json")),), event, request)


def _made(files: tuple[bytes, ...], body: dict[str, Any], request: PictureRequest) -> Drawn:
    return Drawn(
        files=files,
        usage=counted(body.get("usage"), request, images_usage),
        quality=_word(body.get("quality"), _QUALITIES),
        background=_word(body.get("background"), _BACKGROUNDS),
    )


def _word(value: object, known: frozenset[str]) -> str:
    return value if isinstance(value, str) and value in known else ""
