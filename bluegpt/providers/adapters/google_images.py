"""Google's Gemini models that draw: `generateContent` that answers with pictures.

Source: Google's API reference and google-genai. A reply holds one picture, so several are several
requests, each of which reads the prompt and what is given anew; what they used is added up.
"""

from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping
from typing import Any
from urllib.parse import quote

from bluegpt.core.errors import BlueError
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters.conversation import Question, check, noted
from bluegpt.providers.adapters.one_by_one import one_by_one
from bluegpt.providers.adapters.picture_replies import counted, decoded, opened, whole
from bluegpt.providers.adapters.reading import listed, mapping, optional_mapping, string
from bluegpt.providers.errors import NoPicture, PromptRefused
from bluegpt.providers.rules.drawing import kept_back
from bluegpt.providers.rules.failures import plain_code
from bluegpt.providers.rules.finishes import is_google_safety
from bluegpt.providers.rules.google_usage import generate_usage
from bluegpt.providers.rules.shapes import resolution_of, shape_of
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.pictures import AUTO, Drawn, PartialPicture, PictureRequest
from bluegpt.providers.types.usage import Usage, UsageSource

Steps = AsyncGenerator[PartialPicture | Drawn, None]


class GoogleImages:
    """The API has no field for who asks, so nobody is named; `store: false` turns logging off."""

    def __init__(self, route: Route) -> None:
        self._route = route

    def draw(self, request: PictureRequest, *, clearance: Clearance) -> Steps:
        """Make the pictures. Raises the errors of `providers.errors`."""
        check(request, clearance)
        return one_by_one(request, self._drawn)

    async def _drawn(self, request: PictureRequest) -> Steps:
        name = quote(request.model.wire_name, safe="")
        question = Question(
            base_url=self._route.base_url,
            path=f"/v1beta/models/{name}:generateContent",
            headers={"x-goog-api-key": self._route.api_key},
            body=_body(request),
        )
        body = await whole(await opened(question))
        yield _made(body, request)


def _body(request: PictureRequest) -> dict[str, Any]:
    given = [
        {"inlineData": {"mimeType": part.media_type, "data": b64encode(part.data).decode()}}
        for part in request.references
    ]
    generation: dict[str, Any] = {"responseModalities": ["IMAGE"]}
    if request.size != AUTO:
        generation["imageConfig"] = _config(request.size)
    if request.seed is not None and request.model.drawing.has_seeds:
        generation["seed"] = request.seed
    return {
        "contents": [{"role": "user", "parts": [*given, {"text": request.prompt}]}],
        "generationConfig": generation,
        "store": False,
    }


def _config(size: str) -> dict[str, str]:
    """The shape, and the resolution where it is not the one that every model has."""
    resolution = resolution_of(size)
    return {"aspectRatio": shape_of(size)} | (
        {} if resolution == "1K" else {"imageSize": resolution}
    )


def _made(body: dict[str, Any], request: PictureRequest) -> Drawn:
    """The picture of a reply. Raises PromptRefused and NoPicture with what they are billed."""
    told = body.get("usageMetadata")
    feedback = optional_mapping(body.get("promptFeedback"), "feedback")
    candidates = listed(body.get("candidates"), "candidates")
    candidate = mapping(candidates[0], "a candidate") if candidates else {}
    reason = plain_code(feedback.get("blockReason") or candidate.get("finishReason"))
    content = optional_mapping(candidate.get("content"), "content")
    file = _file(listed(content.get("parts"), "parts"))
    if feedback.get("blockReason") or (not file and is_google_safety(reason)):
        raise noted(PromptRefused(provider_code=reason, usage=_billed(told, request)), reason)
    if not file:
        raise _without_picture(reason, _billed(told, request))
    return Drawn(files=(file,), usage=counted(told, request, _count))


def _file(parts: list[Any]) -> bytes:
    """The last picture that is no thought on the way there; empty when there is none."""
    file = b""
    for item in parts:
        part = mapping(item, "a part")
        data = optional_mapping(part.get("inlineData"), "data")
        kind = string(data.get("mimeType"), "a type")
        if kind.startswith("image/") and not part.get("thought"):
            file = decoded(data.get("data"))
    return file


def _without_picture(reason: str, usage: Usage | None) -> BlueError:
    return noted(NoPicture(usage=usage), reason or "no reason")


def _billed(told: object, request: PictureRequest) -> Usage | None:
    return kept_back(told, request, _count)


def _count(body: Mapping[str, Any]) -> Usage:
    """Without details all that is no thought was drawn."""
    if body.get("candidatesTokensDetails") is None:
        drawn = {"modality": "IMAGE", "tokenCount": body.get("candidatesTokenCount")}
        body = {**body, "candidatesTokensDetails": [drawn]}
    return generate_usage(body, source=UsageSource.FINAL)
