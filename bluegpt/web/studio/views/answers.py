"""Asking, asking again, and stopping.

With scripts a post comes back at once with the pieces of a live answer; without, it waits for the
finished answer and leads to the page that shows it. A refusal keeps all that was typed.
"""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bluegpt.core.errors import BlueError, Refused
from bluegpt.studio.flows import conversing, live
from bluegpt.studio.types.calls import Asked
from bluegpt.studio.types.conversations import Ask
from bluegpt.studio.types.files import Upload
from bluegpt.web import fragments
from bluegpt.web.person import person_id_in_loop
from bluegpt.web.redirects import SeeOther, back
from bluegpt.web.studio import begun, introducing, kept
from bluegpt.web.studio.forms import (
    EditionForm,
    MessageForm,
    QuoteForm,
    RetryForm,
    complaints,
    request_bytes_max,
)


@login_required
@require_POST
async def messages(request: HttpRequest) -> HttpResponse:
    """Send a message: the first of a new conversation, the next of one, or a temporary one."""
    person_id = await person_id_in_loop(request)
    form = MessageForm(request.POST)
    try:
        ask = _ask(request, form, person_id)
        told = request.POST.getlist("told")
        await sync_to_async(introducing.check)(person_id, model_key=ask.model_key, tokens=told)
        asked = await conversing.ask(ask)
        await sync_to_async(introducing.note_sent)(person_id, model_key=ask.model_key)
    except BlueError as refusal:
        if fragments.is_wanted(request):
            raise
        return await sync_to_async(kept.page)(request, form, person_id, refusal)
    if fragments.is_wanted(request):
        return await sync_to_async(begun.message)(request, ask, asked)
    if asked.conversation_id is None:
        whole, _call = await live.finished_text(person_id=person_id, call_id=asked.call_id)
        return await sync_to_async(begun.temporary_page)(request, ask, whole)
    return await _shown(person_id, asked)


def _ask(request: HttpRequest, form: MessageForm, person_id: UUID) -> Ask:
    # Beyond its limit the upload handler drops files without a word: that must not be sent.
    if int(request.headers.get("Content-Length") or 0) > request_bytes_max():
        raise Refused(_("These files are too large together. Attach fewer or smaller ones."))
    if not form.is_valid():
        raise Refused(complaints(form))
    data = form.cleaned_data
    is_new = data["conversation"] is None
    return Ask(
        person_id=person_id,
        text=data["text"],
        model_key=data["model"],
        system=data["system"].strip() if is_new else None,
        conversation_id=data["conversation"],
        uploads=_uploads(request),
        temporary=data["history"] if data["temporary"] else None,
        request_key=data["request_key"],
    )


def _uploads(request: HttpRequest) -> tuple[Upload, ...]:
    """The files of a form; a file field left empty is no file."""
    files = request.FILES.getlist("files")
    return tuple(Upload(name=file.name or "", data=file.read()) for file in files)


@login_required
@require_POST
async def retry(request: HttpRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Another answer to the same question, by the same model or another."""
    person_id = await person_id_in_loop(request)
    form = RetryForm(request.POST)
    model_key = form.cleaned_data["model"] if form.is_valid() else ""
    if model_key:  # the model of the answer itself was told about when it was first asked
        await sync_to_async(introducing.check)(person_id, model_key=model_key)
    asked = await conversing.regenerate(
        person_id=person_id,
        conversation_id=conversation_id,
        answer_id=message_id,
        model_key=model_key,
    )
    return await _answered(request, person_id, asked)


@login_required
@require_POST
async def edition(request: HttpRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """A changed question at the same place."""
    person_id = await person_id_in_loop(request)
    form = EditionForm(request.POST)
    if not form.is_valid():
        raise Refused(complaints(form))
    model_key = form.cleaned_data["model"]
    if model_key:
        await sync_to_async(introducing.check)(person_id, model_key=model_key)
    asked = await conversing.edit(
        person_id=person_id,
        conversation_id=conversation_id,
        message_id=message_id,
        text=form.cleaned_data["text"],
        model_key=model_key,
    )
    return await _answered(request, person_id, asked)


async def _answered(request: HttpRequest, person_id: UUID, asked: Asked) -> HttpResponse:
    if fragments.is_wanted(request):
        return await sync_to_async(begun.branch)(request, person_id, asked)
    return await _shown(person_id, asked)


async def _shown(person_id: UUID, asked: Asked) -> HttpResponse:
    """Wait for the end, then lead to the answer."""
    await live.finished(person_id=person_id, call_id=asked.call_id)
    address = reverse("studio:conversation", args=[asked.conversation_id])
    return SeeOther(f"{address}#message-{asked.answer_id}")


@login_required
@require_POST
async def stop(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Stop an answer; its own stream tells the page how it ended."""
    await live.stop(person_id=await person_id_in_loop(request), call_id=call_id)
    if fragments.is_wanted(request):
        return HttpResponse(status=204)
    return back(request, reverse("studio:conversations"))


@login_required
@require_GET
async def quote(request: HttpRequest) -> HttpResponse:
    """The most that the draft can cost, from its size alone."""
    person_id = await person_id_in_loop(request)
    form = QuoteForm(request.GET)
    if not form.is_valid():
        raise Refused(complaints(form))
    ask = Ask(
        person_id=person_id,
        text="",
        model_key=form.cleaned_data["model"],
        conversation_id=form.cleaned_data["conversation"],
    )
    made = await conversing.quote(ask, **form.counts())
    return await sync_to_async(fragments.fragment)(request, "studio/_quote.html", {"quote": made})


@login_required
@require_POST
async def file_size(request: HttpRequest) -> HttpResponse:
    """Tokens that an attached file can cost at most; the file is read and forgotten."""
    await person_id_in_loop(request)
    [upload] = _uploads(request) or (Upload(name="", data=b""),)
    tokens = await conversing.measure(upload, model_key=request.POST.get("model", ""))
    return HttpResponse(str(tokens), content_type="text/plain")
