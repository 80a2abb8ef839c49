"""What is done to a conversation as a whole. Each goes back to where it was asked for."""

from typing import TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bluegpt.core.errors import Refused
from bluegpt.studio.flows import erasure
from bluegpt.studio.queries import conversations as conversation_queries
from bluegpt.studio.services import conversations
from bluegpt.web import fragments
from bluegpt.web.person import person_id_in_loop, person_id_of
from bluegpt.web.redirects import SeeOther, back
from bluegpt.web.studio import composing
from bluegpt.web.studio.forms import BranchForm, SwitchForm, SystemForm, TitleForm, complaints

_F = TypeVar("_F", bound=forms.Form)


@login_required
@require_POST
def title(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Rename."""
    form = _valid(TitleForm(request.POST))
    conversations.rename(
        person_id=person_id_of(request),
        conversation_id=conversation_id,
        title=form.cleaned_data["title"],
    )
    return _back(request, conversation_id)


@login_required
@require_POST
def pin(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Keep at the top of the list, or no longer."""
    is_on = _valid(SwitchForm(request.POST)).is_on
    change = conversations.pin if is_on else conversations.unpin
    change(person_id=person_id_of(request), conversation_id=conversation_id)
    return _back(request, conversation_id)


@login_required
@require_POST
def archival(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Put away, or bring back."""
    is_on = _valid(SwitchForm(request.POST)).is_on
    change = conversations.archive if is_on else conversations.unarchive
    change(person_id=person_id_of(request), conversation_id=conversation_id)
    said = _("The conversation is in the archive.") if is_on else _("The conversation is back.")
    messages.success(request, said)
    return _back(request, conversation_id)


@login_required
@require_POST
def system(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Set what every answer is told first."""
    form = _valid(SystemForm(request.POST))
    conversations.set_system(
        person_id=person_id_of(request),
        conversation_id=conversation_id,
        system=form.cleaned_data["system"].strip(),
    )
    return _back(request, conversation_id)


@login_required
@require_POST
def branch(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Show the branch that goes through a message."""
    form = _valid(BranchForm(request.POST))
    person_id = person_id_of(request)
    message_id = form.cleaned_data["message"]
    conversations.show_branch(
        person_id=person_id, conversation_id=conversation_id, message_id=message_id
    )
    if fragments.is_wanted(request):
        view = conversation_queries.conversation(
            person_id=person_id, conversation_id=conversation_id
        )
        return fragments.fragment(request, "studio/_branch.html", composing.branch(view))
    address = reverse("studio:conversation", args=[conversation_id])
    return SeeOther(f"{address}#message-{message_id}")


@login_required
@require_http_methods(["GET", "POST"])
async def deletion(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Ask whether it is meant, then delete."""
    person_id = await person_id_in_loop(request)
    if request.method == "GET":
        return await sync_to_async(_confirm)(request, person_id, conversation_id)
    await erasure.delete_conversation(person_id=person_id, conversation_id=conversation_id)
    await sync_to_async(messages.success)(request, _("The conversation was deleted."))
    return SeeOther(reverse("studio:conversations"))


def _confirm(request: HttpRequest, person_id: UUID, conversation_id: UUID) -> HttpResponse:
    view = conversation_queries.conversation(
        person_id=person_id, conversation_id=conversation_id, limit=1
    )
    if fragments.is_wanted(request):
        return fragments.fragment(request, "studio/_deletion_sheet.html", {"conversation": view})
    context = {"conversation": view} | composing.frame(person_id, current_id=conversation_id)
    return render(request, "studio/deletion.html", context)


def _valid(form: _F) -> _F:
    if not form.is_valid():
        raise Refused(complaints(form))
    return form


def _back(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    return back(request, reverse("studio:conversation", args=[conversation_id]))
