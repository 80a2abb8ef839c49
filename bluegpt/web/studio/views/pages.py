"""Pages that are read."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bluegpt.studio.errors import UnknownMessage
from bluegpt.studio.queries import conversations
from bluegpt.studio.queries import search as search_queries
from bluegpt.studio.services import conversations as conversation_services
from bluegpt.studio.types.conversations import SearchPage
from bluegpt.web import fragments
from bluegpt.web.person import person_id_of
from bluegpt.web.studio import composing, shown
from bluegpt.web.studio.composing import Draft
from bluegpt.web.studio.forms import SearchForm, uuid_or_none

_private = cache_control(private=True, no_cache=True)
# A link to a message looks back through at most this many windows of a branch.
_WINDOWS_MAX = 250


@login_required
@require_safe
@_private
def new(request: HttpRequest) -> HttpResponse:
    """A new conversation: `?model=` chooses, `?text=` fills the composer."""
    draft = Draft(text=request.GET.get("text", ""))
    model_key = request.GET.get("model", "")
    return composing.new_page(request, person_id_of(request), draft, model_key=model_key)


@login_required
@require_safe
@_private
def temporary(request: HttpRequest) -> HttpResponse:
    """A new conversation of which nothing is stored."""
    return composing.temporary_page(request, person_id_of(request), Draft())


@login_required
@require_safe
@_private
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One conversation: its newest messages, or those before `?before=`."""
    person_id = person_id_of(request)
    view = conversations.conversation(
        person_id=person_id,
        conversation_id=conversation_id,
        before=uuid_or_none(request.GET.get("before", "")),
    )
    if fragments.is_wanted(request):
        context = composing.branch(view) | {"current_id": view.id}
        return fragments.fragment(request, "studio/_earlier.html", context)
    return composing.conversation_page(request, person_id, view, Draft())


@login_required
@require_safe
def message(request: HttpRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """One message in its place: on its branch, on the page of the branch that holds it."""
    person_id = person_id_of(request)
    conversation_services.show_branch(
        person_id=person_id, conversation_id=conversation_id, message_id=message_id
    )
    address = reverse("studio:conversation", args=[conversation_id])
    before: UUID | None = None
    for _window in range(_WINDOWS_MAX):
        view = conversations.conversation(
            person_id=person_id, conversation_id=conversation_id, before=before
        )
        if any(shown_message.id == message_id for shown_message in view.messages):
            query = f"?before={before}" if before else ""
            return redirect(f"{address}{query}#message-{message_id}")
        before = view.earlier_cursor
        if before is None:
            break
    raise UnknownMessage


@login_required
@require_safe
@_private
def listing(request: HttpRequest) -> HttpResponse:
    """All conversations, page by page."""
    return _listing(request, is_archived=False)


@login_required
@require_safe
@_private
def archived(request: HttpRequest) -> HttpResponse:
    """Conversations that were put away."""
    return _listing(request, is_archived=True)


def _listing(request: HttpRequest, *, is_archived: bool) -> HttpResponse:
    person_id = person_id_of(request)
    page = conversations.conversations(
        person_id=person_id, archived=is_archived, cursor=request.GET.get("cursor", "")
    )
    context = {
        "listed": shown.line_groups(page.lines),
        "listed_cursor": page.next_cursor,
        "last_key": request.GET.get("after", ""),
        "is_archived": is_archived,
    }
    if fragments.is_wanted(request):
        return fragments.fragment(request, "studio/_more_lines.html", context)
    return render(request, "studio/listing.html", context | composing.frame(person_id))


@login_required
@require_safe
@_private
def options(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """What can be done with a conversation as a whole."""
    person_id = person_id_of(request)
    view = conversations.conversation(person_id=person_id, conversation_id=conversation_id, limit=1)
    context = {"conversation": view}
    if fragments.is_wanted(request):
        return fragments.fragment(request, "studio/_options_sheet.html", context)
    context |= composing.frame(person_id, current_id=conversation_id)
    return render(request, "studio/options.html", context)


@login_required
@require_safe
@_private
def search(request: HttpRequest) -> HttpResponse:
    """Messages that hold the words of `?words=`."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"words": "", "cursor": ""}
    person_id = person_id_of(request)
    words = asked["words"].strip()
    found = SearchPage(hits=(), next_cursor="")
    if words:
        found = search_queries.search(person_id=person_id, words=words, cursor=asked["cursor"])
    context = composing.frame(person_id) | {"words": words, "found": found}
    return render(request, "studio/search.html", context)
