"""Having pictures made.

With scripts a wish comes back at once as a card that follows its making; without, the post waits
for the end and leads to the page that shows it. A refusal keeps all that was chosen.
"""

from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from uuid import UUID

import orjson
from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bluegpt.core.errors import BlueError, Refused
from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.studio.flows import creations as flow
from bluegpt.studio.flows import live
from bluegpt.studio.queries import gallery
from bluegpt.studio.types.media import CreationView, MakingEvent, PictureWish
from bluegpt.web import fragments
from bluegpt.web.person import person_id_in_loop
from bluegpt.web.redirects import SeeOther
from bluegpt.web.studio import drawing, drawing_pages, introducing
from bluegpt.web.studio.drawing_forms import PictureForm, SettingsForm, inputs_of, uploads_of
from bluegpt.web.studio.forms import complaints, request_bytes_max

# Proxies and browsers close what is silent for longer than half a minute or so.
_COMMENT_EVERY_S = 15
_RECONNECT_AFTER_MS = 1_000


@login_required
@require_POST
async def creations(request: HttpRequest) -> HttpResponse:
    """Have the pictures of the composer made."""
    person_id = await person_id_in_loop(request)
    form = PictureForm(request.POST)
    try:
        wish = await _wish(request, form, person_id)
        asked = await flow.draw(wish)
        await in_thread(introducing.note_sent, person_id, model_key=wish.model_key)
    except BlueError as refusal:
        if fragments.is_wanted(request):
            raise
        return await sync_to_async(drawing_pages.kept)(request, person_id, refusal)
    return await _answered(request, person_id, asked.call_id)


async def _wish(request: HttpRequest, form: PictureForm, person_id: UUID) -> PictureWish:
    # Beyond its limit the upload handler drops files without a word: that must not be sent.
    if int(request.headers.get("Content-Length") or 0) > request_bytes_max():
        raise Refused(_("These files are too large together. Attach fewer or smaller ones."))
    if not form.is_valid():
        raise Refused(complaints(form))
    model_key, told = form.cleaned_data["model"], request.POST.getlist("told")
    await in_thread(introducing.check, person_id, model_key=model_key, tokens=told)
    given = [await flow.give(person_id=person_id, upload=each) for each in uploads_of(request)]
    mask = request.FILES.get("mask")
    return form.wish(
        person_id,
        text=form.cleaned_data["text"],
        input_ids=(*inputs_of(request.POST), *(view.id for view in given)),
        mask=mask.read() if mask else b"",
        request_key=form.cleaned_data["request_key"],
    )


@login_required
@require_POST
async def repetition(request: HttpRequest, creation_id: UUID) -> HttpResponse:
    """The same wish once more, with the same settings."""
    person_id = await person_id_in_loop(request)
    wish = await in_thread(_wish_again, person_id, creation_id)
    await in_thread(introducing.check, person_id, model_key=wish.model_key)
    asked = await flow.draw(wish)
    return await _answered(request, person_id, asked.call_id)


def _wish_again(person_id: UUID, creation_id: UUID) -> PictureWish:
    earlier = gallery.creation(person_id=person_id, creation_id=creation_id)
    if earlier.settings.get("has_mask"):
        raise Refused(_("A mask is not kept. Draw it again on the reference image."))
    form = SettingsForm({"model": earlier.model_key, **earlier.settings})
    if not form.is_valid():
        raise Refused(complaints(form))
    return form.wish(person_id, text=earlier.prompt, input_ids=earlier.input_ids)


async def _answered(request: HttpRequest, person_id: UUID, call_id: UUID) -> HttpResponse:
    if fragments.is_wanted(request):
        return await sync_to_async(_begun)(request, person_id, call_id)
    await live.finished(person_id=person_id, call_id=call_id)
    return SeeOther(f"{reverse('studio:images')}#creation-{call_id}")


def _begun(request: HttpRequest, person_id: UUID, call_id: UUID) -> HttpResponse:
    creation = gallery.creation_of_call(person_id=person_id, call_id=call_id)
    context = {"shown": drawing.creation_shown(creation), "request_key": new_id()}
    return fragments.fragment(request, "studio/_creation_begun.html", context)


@login_required
@require_GET
async def events(request: HttpRequest, call_id: UUID) -> StreamingHttpResponse:
    """Unfinished pictures as they come, then the finished ones. Raises Missing for a stranger."""
    person_id = await person_id_in_loop(request)
    await in_thread(gallery.creation_of_call, person_id=person_id, call_id=call_id)
    followed = flow.follow(person_id=person_id, call_id=call_id)
    steps = live.with_pauses(followed, pause_s=_COMMENT_EVERY_S)
    response = StreamingHttpResponse(_stream(request, steps), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response


async def _stream(
    request: HttpRequest, steps: AsyncGenerator[MakingEvent | None]
) -> AsyncIterator[bytes]:
    language = translation.get_language() or "en"
    async with aclosing(steps):
        yield b"retry: %d\n\n" % _RECONNECT_AFTER_MS
        async for step in steps:
            if step is None:
                yield b": still here\n\n"
                continue
            for partial in step.partials:
                src = f"data:image/webp;base64,{b64encode(partial.data).decode()}"
                yield _event("partial", {"place": partial.place, "src": src})
            if step.creation is not None:
                html = await in_thread(_ended, request, step.creation, language=language)
                yield _event("end", {"html": html})


def _ended(request: HttpRequest, creation: CreationView, *, language: str) -> str:
    with translation.override(language):
        context = {"shown": drawing.creation_shown(creation)}
        return render_to_string("studio/_creation_ended.html", context, request=request)


def _event(name: str, data: dict[str, object]) -> bytes:
    # JSON keeps line ends inside one line, as the format wants it.
    return b"event: %b\ndata: %b\n\n" % (name.encode(), orjson.dumps(data))
