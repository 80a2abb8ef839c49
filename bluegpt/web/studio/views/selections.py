"""What is done with several works at once, and with albums. Each leads back to where it began."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bluegpt.core.errors import Refused
from bluegpt.studio.flows import erasure
from bluegpt.studio.queries import gallery
from bluegpt.studio.services import gallery as actions
from bluegpt.studio.types.media import GalleryFilter, Kind
from bluegpt.web import fragments
from bluegpt.web.person import person_id_in_loop, person_id_of
from bluegpt.web.redirects import SeeOther, back
from bluegpt.web.studio import composing, galleries
from bluegpt.web.studio.forms import complaints, uuid_or_none
from bluegpt.web.studio.gallery_forms import AlbumForm, chosen_of


@login_required
@require_POST
def selection(request: HttpRequest) -> HttpResponse:
    """Do with the chosen works what the button says."""
    ids = chosen_of(request.POST)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Refused(_("Nothing was chosen that could be done. Reload the page."))
    return act(request, person_id_of(request), ids)


def _mark(request: HttpRequest, person_id: UUID, ids: tuple[UUID, ...]) -> HttpResponse:
    for each in ids:
        actions.set_favourite(person_id=person_id, asset_id=each, is_favourite=True)
    return _done(request, _("They are among your favourites."), ids)


def _put_in(request: HttpRequest, person_id: UUID, ids: tuple[UUID, ...]) -> HttpResponse:
    album_id = _album_id(request)
    actions.put_in_album(person_id=person_id, album_id=album_id, asset_ids=ids)
    name = gallery.album(person_id=person_id, album_id=album_id).name
    return _done(request, _("They are in “%(album)s”.") % {"album": name}, ids)


def _take_out(request: HttpRequest, person_id: UUID, ids: tuple[UUID, ...]) -> HttpResponse:
    actions.take_out_of_album(person_id=person_id, album_id=_album_id(request), asset_ids=ids)
    return _done(request, _("They are out of the album, and stay in your gallery."), ids)


def _ask_about_deletion(
    request: HttpRequest, person_id: UUID, ids: tuple[UUID, ...]
) -> HttpResponse:
    return _confirm(request, person_id, ids)


_ACTS: dict[str, Callable[[HttpRequest, UUID, tuple[UUID, ...]], HttpResponse]] = {
    "favourite": _mark,
    "put-in": _put_in,
    "take-out": _take_out,
    "delete": _ask_about_deletion,
}


def _album_id(request: HttpRequest) -> UUID:
    """The album that was chosen. Raises Refused without one."""
    album_id = uuid_or_none(request.POST.get("album", ""))
    if album_id is None:
        raise Refused(_("Choose an album first, or make one."))
    return album_id


def _done(request: HttpRequest, said: str, ids: tuple[UUID, ...]) -> HttpResponse:
    if fragments.is_wanted(request) and "viewing" in request.POST:
        context = galleries.viewing(person_id_of(request), ids[0])
        return fragments.fragment(request, "studio/_viewing_albums_piece.html", context)
    messages.success(request, said)
    return back(request, reverse("studio:gallery"))


@login_required
@require_http_methods(["GET", "POST"])
async def deletion(request: HttpRequest) -> HttpResponse:
    """Ask whether it is meant, then delete, at the providers of films too."""
    person_id = await person_id_in_loop(request)
    if request.method == "GET":
        return await sync_to_async(_confirm)(request, person_id, chosen_of(request.GET))
    ids = chosen_of(request.POST)
    await erasure.delete_assets(person_id=person_id, asset_ids=ids)
    return await sync_to_async(_deleted)(request, ids)


def _deleted(request: HttpRequest, ids: tuple[UUID, ...]) -> HttpResponse:
    if fragments.is_wanted(request):
        context = {"deleted": ids}
        return fragments.fragment(request, "studio/_assets_deleted.html", context)
    said = ngettext("It was deleted.", "%(count)d works were deleted.", len(ids))
    messages.success(request, said % {"count": len(ids)})
    return SeeOther(reverse("studio:gallery"))


def _confirm(request: HttpRequest, person_id: UUID, ids: tuple[UUID, ...]) -> HttpResponse:
    for each in ids[:1]:  # a stranger's is missing here already
        gallery.asset(person_id=person_id, asset_id=each)
    context: dict[str, Any] = {"chosen_ids": ids, "chosen_count": len(ids)}
    if fragments.is_wanted(request):
        return fragments.fragment(request, "studio/_assets_deletion_sheet.html", context)
    context |= composing.frame(person_id) | {"section": "gallery"}
    return render(request, "studio/assets_deletion.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def creation_deletion(request: HttpRequest, creation_id: UUID) -> HttpResponse:
    """Ask whether it is meant, then delete a wish with its words and all that came of it."""
    person_id = person_id_of(request)
    wish = gallery.creation(person_id=person_id, creation_id=creation_id)
    context: dict[str, Any] = {"creation": wish}
    if request.method == "POST":
        actions.delete_creation(person_id=person_id, creation_id=creation_id)
        if fragments.is_wanted(request):
            return fragments.fragment(request, "studio/_creation_deleted.html", context)
        messages.success(request, _("It was deleted."))
        leads_to = "studio:videos" if wish.kind is Kind.FILM else "studio:images"
        return SeeOther(reverse(leads_to))
    if fragments.is_wanted(request):
        return fragments.fragment(request, "studio/_creation_deletion_sheet.html", context)
    context |= composing.frame(person_id) | {"section": "images"}
    return render(request, "studio/creation_deletion.html", context)


@login_required
@require_POST
def albums(request: HttpRequest) -> HttpResponse:
    """Make an album."""
    album_id = actions.create_album(person_id=person_id_of(request), name=_name(request))
    return SeeOther(galleries.address(GalleryFilter(album_id=album_id)))


@login_required
@require_POST
def album_name(request: HttpRequest, album_id: UUID) -> HttpResponse:
    """Call an album something else."""
    actions.rename_album(person_id=person_id_of(request), album_id=album_id, name=_name(request))
    return SeeOther(galleries.address(GalleryFilter(album_id=album_id)))


def _name(request: HttpRequest) -> str:
    form = AlbumForm(request.POST)
    if not form.is_valid():
        raise Refused(complaints(form))
    name: str = form.cleaned_data["name"]
    return name


@login_required
@require_http_methods(["GET", "POST"])
def album_deletion(request: HttpRequest, album_id: UUID) -> HttpResponse:
    """Ask whether it is meant, then delete the album; its works stay."""
    person_id = person_id_of(request)
    if request.method == "POST":
        actions.delete_album(person_id=person_id, album_id=album_id)
        messages.success(request, _("The album was deleted; what was in it is in your gallery."))
        return SeeOther(reverse("studio:gallery"))
    context: dict[str, Any] = {"album": gallery.album(person_id=person_id, album_id=album_id)}
    if fragments.is_wanted(request):
        return fragments.fragment(request, "studio/_album_deletion_sheet.html", context)
    context |= composing.frame(person_id) | {"section": "gallery"}
    return render(request, "studio/album_deletion.html", context)
