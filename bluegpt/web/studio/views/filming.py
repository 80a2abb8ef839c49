"""Having films made, looking how far they are, stopping them and clearing them away.

A post comes back at once: the film is our worker's, and its card asks how far it is.
"""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bluegpt.core.errors import BlueError, Refused
from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.studio.flows import creations, erasure
from bluegpt.studio.flows import films as flow
from bluegpt.studio.types.media import FilmWish
from bluegpt.web import fragments
from bluegpt.web.person import person_id_in_loop, person_id_of
from bluegpt.web.redirects import SeeOther, back
from bluegpt.web.studio import filming, filming_pages, introducing
from bluegpt.web.studio.drawing_forms import inputs_of, uploads_of
from bluegpt.web.studio.filming_forms import FilmForm
from bluegpt.web.studio.forms import complaints, request_bytes_max


@login_required
@require_POST
async def films(request: HttpRequest) -> HttpResponse:
    """Have the film of the composer made."""
    person_id = await person_id_in_loop(request)
    form = FilmForm(request.POST)
    try:
        wish = await _wish(request, form, person_id)
        asked = await flow.film(wish)
        await in_thread(introducing.note_sent, person_id, model_key=wish.model_key)
    except BlueError as refusal:
        if fragments.is_wanted(request):
            raise
        return await sync_to_async(filming_pages.kept)(request, person_id, refusal)
    if fragments.is_wanted(request):
        return await sync_to_async(_begun)(request, person_id, asked.call_id)
    return SeeOther(f"{reverse('studio:videos')}#creation-{asked.call_id}")


async def _wish(request: HttpRequest, form: FilmForm, person_id: UUID) -> FilmWish:
    # Beyond its limit the upload handler drops files without a word: that must not be sent.
    if int(request.headers.get("Content-Length") or 0) > request_bytes_max():
        raise Refused(_("These files are too large together. Attach fewer or smaller ones."))
    if not form.is_valid():
        raise Refused(complaints(form))
    model_key, told = form.cleaned_data["model"], request.POST.getlist("told")
    await in_thread(introducing.check, person_id, model_key=model_key, tokens=told)
    given = [await creations.give(person_id=person_id, upload=each) for each in uploads_of(request)]
    pictures = (*(view.id for view in given), *inputs_of(request.POST))
    if len(pictures) > 1:
        raise Refused(_("A video begins with one image. Remove the others."))
    return form.wish(
        person_id,
        text=form.cleaned_data["text"],
        picture_id=next(iter(pictures), None),
        wants_mail=form.cleaned_data["mail"],
        request_key=form.cleaned_data["request_key"],
    )


def _begun(request: HttpRequest, person_id: UUID, creation_id: UUID) -> HttpResponse:
    context = {"shown": filming.one(person_id, creation_id), "request_key": new_id()}
    return fragments.fragment(request, "studio/_film_begun.html", context)


@login_required
@require_GET
def state(request: HttpRequest, creation_id: UUID) -> HttpResponse:
    """How far a film is; its whole card once it has ended."""
    return _moved(request, person_id_of(request), creation_id)


def _moved(request: HttpRequest, person_id: UUID, creation_id: UUID) -> HttpResponse:
    context = {"shown": filming.one(person_id, creation_id)}
    return fragments.fragment(request, "studio/_film_moved.html", context)


@login_required
@require_POST
async def stop(request: HttpRequest, creation_id: UUID) -> HttpResponse:
    """Have a film given up."""
    person_id = await person_id_in_loop(request)
    await flow.stop(person_id=person_id, creation_id=creation_id)
    if fragments.is_wanted(request):
        return await sync_to_async(_moved)(request, person_id, creation_id)
    return back(request, reverse("studio:videos"))


@login_required
@require_POST
async def deletion(request: HttpRequest, creation_id: UUID) -> HttpResponse:
    """Delete a wish of which no film has come."""
    person_id = await person_id_in_loop(request)
    await erasure.delete_creation(person_id=person_id, creation_id=creation_id)
    if fragments.is_wanted(request):
        return await sync_to_async(fragments.fragment)(
            request, "studio/_film_removed.html", {"creation_id": creation_id}
        )
    await sync_to_async(messages.success)(request, _("It was removed."))
    return SeeOther(reverse("studio:videos"))
