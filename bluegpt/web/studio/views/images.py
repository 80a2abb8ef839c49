"""The image studio: its page, and the pieces that it asks for while a wish is put into words."""

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST, require_safe

from bluegpt.core.errors import Refused
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries import balances
from bluegpt.providers.queries import catalogue
from bluegpt.studio.flows import creations as flow
from bluegpt.web import fragments
from bluegpt.web.person import person_id_in_loop, person_id_of
from bluegpt.web.studio import drawing, drawing_pages, introducing, shown
from bluegpt.web.studio.drawing_forms import QuoteForm, SettingsForm, inputs_of, uploads_of
from bluegpt.web.studio.forms import complaints

_private = cache_control(private=True, no_cache=True)


@login_required
@require_safe
@_private
def page(request: HttpRequest) -> HttpResponse:
    """The studio, empty or filled with what the address names."""
    person_id = person_id_of(request)
    draft = drawing_pages.draft_from(request.GET, person_id)
    return drawing_pages.page(request, person_id, draft)


@login_required
@require_POST
def model_chosen(request: HttpRequest) -> HttpResponse:
    """Without scripts: the page with what the chosen model can be told."""
    return drawing_pages.kept(request, person_id_of(request))


@login_required
@require_POST
def understood(request: HttpRequest) -> HttpResponse:
    """Note that the facts about a company were read; the draft stays."""
    person_id = person_id_of(request)
    introducing.note_understood(person_id, token=request.POST.get("understood", ""))
    if fragments.is_wanted(request):
        return HttpResponse(status=204)
    return drawing_pages.kept(request, person_id)


@login_required
@require_POST
async def inputs(request: HttpRequest) -> HttpResponse:
    """Take in pictures to work from, as soon as they are chosen."""
    person_id = await person_id_in_loop(request)
    uploads = uploads_of(request)
    if not uploads:
        raise Refused(_("No file has come. Choose a PNG, JPEG or WebP image."))
    views = [await flow.give(person_id=person_id, upload=upload) for upload in uploads]
    context = {"inputs": views}
    return await sync_to_async(fragments.fragment)(request, "studio/_inputs_given.html", context)


@login_required
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """What can be chosen for the model of `?model=`, with what was chosen so far."""
    form = SettingsForm(request.GET)
    if not form.is_valid():
        raise Refused(complaints(form))
    model = catalogue.model(form.cleaned_data["model"])
    context = {"draw": drawing.settings_for(model, form.cleaned_data)}
    return fragments.fragment(request, "studio/_draw_settings_piece.html", context)


@login_required
@require_GET
def models(request: HttpRequest) -> HttpResponse:
    """The rows of the picker."""
    context = {"model_groups": shown.drawing_choices("", person_id_of(request))}
    return fragments.fragment(request, "studio/_draw_picker.html", context)


@login_required
@require_GET
async def quote(request: HttpRequest) -> HttpResponse:
    """The most that the draft can cost, per picture and in all, from the size of its words."""
    person_id = await person_id_in_loop(request)
    form = QuoteForm(request.GET)
    if not form.is_valid():
        raise Refused(complaints(form))
    wish = form.wish(person_id, text=form.stand_in(), input_ids=inputs_of(request.GET))
    made = await flow.quote(wish)
    balance = await in_thread(balances.balance, person_id)
    context = {
        "quote": made,
        "number": wish.number,
        "is_affordable": made.amount_microcredits <= balance.available_microcredits,
    }
    return await sync_to_async(fragments.fragment)(request, "studio/_draw_quote.html", context)
