"""The gallery: everything that was made, from the newest, and one work at a time."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from bluegpt.core.errors import Refused
from bluegpt.studio.services import gallery as actions
from bluegpt.web import fragments
from bluegpt.web.person import person_id_of
from bluegpt.web.redirects import back
from bluegpt.web.studio import composing, galleries
from bluegpt.web.studio.forms import SwitchForm, complaints
from bluegpt.web.studio.gallery_forms import GalleryForm

_private = cache_control(private=True, no_cache=True)


@login_required
@require_safe
@_private
def page(request: HttpRequest) -> HttpResponse:
    """The works that the filters leave, page by page."""
    person_id = person_id_of(request)
    wanted = GalleryForm(request.GET).wanted()
    context = galleries.page(person_id, wanted, request.GET.get("cursor", ""))
    if fragments.is_wanted(request):
        return fragments.fragment(request, "studio/_more_tiles.html", context)
    context |= galleries.filters(person_id, wanted) | composing.frame(person_id)
    return render(request, "studio/gallery.html", context | {"section": "gallery"})


@login_required
@require_safe
@_private
def viewing(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """One work on the whole screen, with what is known of it and what can be done."""
    person_id = person_id_of(request)
    context = galleries.viewing(person_id, asset_id)
    if fragments.is_wanted(request):
        return fragments.fragment(request, "studio/_viewing_piece.html", context)
    context |= composing.frame(person_id) | {"section": "gallery"}
    return render(request, "studio/viewing.html", context)


@login_required
@require_POST
def favourite(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """Mark as a favourite, or no longer."""
    form = SwitchForm(request.POST)
    if not form.is_valid():
        raise Refused(complaints(form))
    person_id = person_id_of(request)
    actions.set_favourite(person_id=person_id, asset_id=asset_id, is_favourite=form.is_on)
    if fragments.is_wanted(request):
        context = galleries.viewing(person_id, asset_id)
        return fragments.fragment(request, "studio/_favourite_piece.html", context)
    return back(request, reverse("studio:gallery_asset", args=[asset_id]))
