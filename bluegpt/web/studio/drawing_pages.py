"""The image studio's page: as it is opened, and as it comes back with all that was chosen."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from bluegpt.core.errors import BlueError
from bluegpt.studio.errors import UnknownAsset
from bluegpt.studio.queries import gallery
from bluegpt.studio.types.media import AssetView
from bluegpt.web import errors
from bluegpt.web.studio import composing, drawing
from bluegpt.web.studio.drawing import DrawDraft
from bluegpt.web.studio.forms import uuid_or_none


def page(request: HttpRequest, person_id: UUID, draft: DrawDraft) -> HttpResponse:
    """The studio with a draft in its composer, and the latest wishes below."""
    creations = drawing.latest(person_id)
    if not draft.model_key and creations:
        draft = replace(draft, model_key=creations[0].creation.model_key)
    context = composing.frame(person_id) | drawing.composer(person_id, draft)
    context |= {"section": "images", "creations": creations}
    status = errors.status_of(draft.error) if draft.error else 200
    return render(request, "studio/images.html", context, status=status)


def draft_from(asked: QueryDict, person_id: UUID) -> DrawDraft:
    """What an address fills the composer with.

    `from` an earlier wish, `variation` a picture and its wish, `input` pictures to work from,
    `model` and `text` what they say. Raises UnknownAsset, UnknownCreation.
    """
    settings: dict[str, Any] = {
        name: asked[name] for name in ("size", "quality", "number") if name in asked
    }
    inputs = [each for each in map(uuid_or_none, asked.getlist("input")) if each]
    text, model_key = asked.get("text", ""), asked.get("model", "")
    wish_id = uuid_or_none(asked.get("from", ""))
    if varied := uuid_or_none(asked.get("variation", "")):
        inputs = [varied]
        wish_id = gallery.asset(person_id=person_id, asset_id=varied).creation_id
    if wish_id:
        wish = gallery.creation(person_id=person_id, creation_id=wish_id)
        text, model_key, settings = wish.prompt, wish.model_key, dict(wish.settings)
        inputs = inputs or list(wish.input_ids)
    return DrawDraft(
        text=text,
        model_key=model_key,
        settings=settings,
        inputs=drawing.inputs(person_id, inputs),
    )


def kept(request: HttpRequest, person_id: UUID, refusal: BlueError | None = None) -> HttpResponse:
    """The page with what was posted, and why it was not done when there is a refusal."""
    given = request.POST
    ids = [each for each in map(uuid_or_none, given.getlist("input")) if each]
    draft = DrawDraft(
        text=given.get("text", ""),
        model_key=given.get("model", ""),
        settings=given.dict(),
        inputs=_still_there(person_id, ids),
        error=refusal,
        had_files=bool(request.FILES),
    )
    return page(request, person_id, draft)


def _still_there(person_id: UUID, ids: list[UUID]) -> tuple[AssetView, ...]:
    try:
        return drawing.inputs(person_id, ids)
    except UnknownAsset:
        return ()
