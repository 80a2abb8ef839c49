"""The video studio: its pages, and the pieces that it asks for while a wish is put into words."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST, require_safe

from bluegpt.core.errors import Refused
from bluegpt.providers.queries import catalogue
from bluegpt.studio.errors import DoesNotFilm
from bluegpt.studio.flows import films as flow
from bluegpt.web import fragments
from bluegpt.web.person import person_id_in_loop, person_id_of
from bluegpt.web.studio import composing, filming, filming_pages, introducing, shown
from bluegpt.web.studio.drawing_forms import inputs_of
from bluegpt.web.studio.filming_forms import FilmQuoteForm, FilmSettingsForm
from bluegpt.web.studio.forms import complaints

_private = cache_control(private=True, no_cache=True)


@login_required
@require_safe
@_private
def page(request: HttpRequest) -> HttpResponse:
    """The studio, empty or filled with what the address names."""
    person_id = person_id_of(request)
    draft = filming_pages.draft_from(request.GET, person_id)
    return filming_pages.page(request, person_id, draft)


@login_required
@require_safe
@_private
def video(request: HttpRequest, creation_id: UUID) -> HttpResponse:
    """One film by itself, in the making or done: where a mail leads."""
    person_id = person_id_of(request)
    context = {"section": "videos", "shown": filming.one(person_id, creation_id)}
    return render(request, "studio/video.html", context | composing.frame(person_id))


@login_required
@require_POST
def model_chosen(request: HttpRequest) -> HttpResponse:
    """Without scripts: the page with what the chosen model can be told."""
    return filming_pages.kept(request, person_id_of(request))


@login_required
@require_POST
def understood(request: HttpRequest) -> HttpResponse:
    """Note that the facts about a company were read; the draft stays."""
    person_id = person_id_of(request)
    introducing.note_understood(person_id, token=request.POST.get("understood", ""))
    if fragments.is_wanted(request):
        return HttpResponse(status=204)
    return filming_pages.kept(request, person_id)


@login_required
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """What can be chosen for the model of `?model=`, with what was chosen so far."""
    form = FilmSettingsForm(request.GET)
    if not form.is_valid():
        raise Refused(complaints(form))
    model = catalogue.model(form.cleaned_data["model"])
    if not model.films:
        raise DoesNotFilm
    context = {"told": filming.settings_for(model, form.cleaned_data)}
    return fragments.fragment(request, "studio/_film_settings_piece.html", context)


@login_required
@require_GET
def models(request: HttpRequest) -> HttpResponse:
    """The rows of the picker."""
    context = {"model_groups": shown.filming_choices("", person_id_of(request))}
    return fragments.fragment(request, "studio/_film_picker.html", context)


@login_required
@require_GET
async def quote(request: HttpRequest) -> HttpResponse:
    """The most that the draft can cost, per second and in all, from the size of its words."""
    person_id = await person_id_in_loop(request)
    form = FilmQuoteForm(request.GET)
    if not form.is_valid():
        raise Refused(complaints(form))
    pictures = inputs_of(request.GET)
    wish = form.wish(person_id, text=form.stand_in(), picture_id=pictures[0] if pictures else None)
    context = {"quote": await flow.quote(wish), "seconds": wish.seconds}
    return await sync_to_async(fragments.fragment)(request, "studio/_film_quote.html", context)
