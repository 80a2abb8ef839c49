"""The video studio's page: as it is opened, and as it comes back with all that was chosen."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from bluegpt.core.errors import BlueError
from bluegpt.providers.types.films import FilmAct
from bluegpt.studio.errors import UnknownAsset
from bluegpt.studio.queries import gallery
from bluegpt.studio.types.media import AssetView
from bluegpt.web import errors
from bluegpt.web.studio import composing, drawing, filming
from bluegpt.web.studio.filming import FilmDraft
from bluegpt.web.studio.forms import uuid_or_none


def page(request: HttpRequest, person_id: UUID, draft: FilmDraft) -> HttpResponse:
    """The studio with a draft in its composer, and the latest films below."""
    shown = filming.latest(person_id)
    if not draft.model_key and shown:
        draft = replace(draft, model_key=shown[0].creation.model_key)
    context = composing.frame(person_id) | filming.composer(person_id, draft)
    context |= {"section": "videos", "films": shown}
    status = errors.status_of(draft.error) if draft.error else 200
    return render(request, "studio/videos.html", context, status=status)


def draft_from(asked: QueryDict, person_id: UUID) -> FilmDraft:
    """What an address fills the composer with.

    `from` an earlier wish, `act` and `source` a film to change or carry on, `input` a picture to
    begin with, `model` and `text` what they say. Raises UnknownAsset, UnknownCreation.
    """
    text, model_key = asked.get("text", ""), asked.get("model", "")
    settings: dict[str, Any] = {name: asked[name] for name in ("size", "seconds") if name in asked}
    inputs = [each for each in map(uuid_or_none, asked.getlist("input")) if each]
    act, source = _source(asked, person_id)
    wish_id = uuid_or_none(asked.get("from", "")) or (source.creation_id if source else None)
    if wish_id:
        wish = gallery.creation(person_id=person_id, creation_id=wish_id)
        model_key, settings = wish.model_key, dict(wish.settings)
        if source is None:
            text, inputs = wish.prompt, inputs or list(wish.input_ids)
    return FilmDraft(
        text=text,
        model_key=model_key,
        settings=settings,
        inputs=drawing.inputs(person_id, inputs[:1]),
        act=act,
        source=source,
    )


def kept(request: HttpRequest, person_id: UUID, refusal: BlueError | None = None) -> HttpResponse:
    """The page with what was posted, and why it was not done when there is a refusal."""
    given = request.POST
    ids = [each for each in map(uuid_or_none, given.getlist("input")) if each]
    try:
        inputs = drawing.inputs(person_id, ids[:1])
        act, source = _source(given, person_id)
    except UnknownAsset:
        inputs, act, source = (), FilmAct.CREATE, None
    draft = FilmDraft(
        text=given.get("text", ""),
        model_key=given.get("model", ""),
        settings=given.dict() | {"sound": "sound" in given},
        inputs=inputs,
        act=act,
        source=source,
        wants_mail="mail" in given,
        error=refusal,
        had_files=bool(request.FILES),
    )
    return page(request, person_id, draft)


def _source(asked: QueryDict, person_id: UUID) -> tuple[FilmAct, AssetView | None]:
    source_id = uuid_or_none(asked.get("source", ""))
    if source_id is None or asked.get("act") not in (FilmAct.REMIX, FilmAct.EXTEND):
        return FilmAct.CREATE, None
    return FilmAct(str(asked["act"])), gallery.asset(person_id=person_id, asset_id=source_id)
