"""xAI's Grok Imagine. Source: xAI's API reference, `/images/generations` and `/images/edits`.

Like OpenAI's in its addresses and its reply; sizes are shapes, given pictures travel as data
inside the JSON, and pictures are billed by the piece.
"""

from base64 import b64encode
from collections.abc import AsyncGenerator
from typing import Any

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import Question, check, noted
from bluegpt.providers.adapters.picture_replies import decoded, opened, whole
from bluegpt.providers.adapters.reading import listed, mapping
from bluegpt.providers.errors import NoPicture, PromptRefused
from bluegpt.providers.rules.counts import malformed
from bluegpt.providers.rules.failures import plain_code
from bluegpt.providers.rules.shapes import resolution_of, shape_of
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.pictures import AUTO, Drawn, PartialPicture, PictureRequest
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage, UsageSource


class XaiImages:
    """One request, one reply with all pictures in it. What was asked once is never asked again."""

    def __init__(self, route: Route) -> None:
        self._route = route

    async def draw(
        self, request: PictureRequest, *, clearance: Clearance
    ) -> AsyncGenerator[PartialPicture | Drawn, None]:
        """Make the pictures. Raises the errors of `providers.errors`."""
        check(request, clearance)
        question = Question(
            base_url=self._route.base_url,
            path="/images/edits" if request.references else "/images/generations",
            headers={"Authorization": f"Bearer {self._route.api_key}"},
            body=_body(request, clearance),
        )
        yield _made(await whole(await opened(question)), request)


def _body(request: PictureRequest, clearance: Clearance) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model.wire_name,
        "prompt": request.prompt,
        "n": request.number,
        "response_format": "b64_json",
        "user": clearance.pairwise_id,
    }
    if request.size != AUTO:
        body |= {
            "aspect_ratio": shape_of(request.size),
            "resolution": resolution_of(request.size).lower(),
        }
    given = [_given(part) for part in request.references]
    if len(given) == 1:
        body["image"] = given[0]
    elif given:
        body["images"] = given
    return body


def _given(part: ImagePart) -> dict[str, str]:
    data = b64encode(part.data).decode()
    return {"type": "image_url", "url": f"data:{part.media_type};base64,{data}"}


def _made(body: dict[str, Any], request: PictureRequest) -> Drawn:
    """The pictures of a reply, without those that were kept back. Raises PromptRefused."""
    entries = [mapping(entry, "a picture") for entry in listed(body.get("data"), "the pictures")]
    passed = [entry for entry in entries if entry.get("respect_moderation") is not False]
    files = tuple(decoded(entry.get("b64_json")) for entry in passed)
    refused = len(entries) - len(files)
    reason = plain_code(body.get("block_reason"))
    if not files and (refused or body.get("block_reason")):
        error = PromptRefused(provider_code=reason, usage=_billed(body, request))
        raise noted(error, reason or "moderation")
    if not entries:
        raise NoPicture
    if len(entries) != request.number:
        raise malformed("another number of pictures than was asked for")
    return Drawn(files=files, usage=_pieces(len(files)), refused=refused)


def _billed(body: dict[str, Any], request: PictureRequest) -> Usage | None:
    """What a refusal costs: all pictures where the reply states a cost, otherwise nothing."""
    usage = body.get("usage")
    cost = usage.get("cost_in_usd_ticks") if isinstance(usage, dict) else None
    return _pieces(request.number) if type(cost) is int and cost > 0 else None


def _pieces(number: int) -> Usage:
    return Usage(pictures=number, source=UsageSource.FINAL)
