"""What the frame and the composer of a page need: one place for all pages that have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bluegpt.core.errors import BlueError
from bluegpt.core.ids import new_id
from bluegpt.studio.errors import UnknownConversation
from bluegpt.studio.queries import conversations
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.conversations import ConversationView, MessageView
from bluegpt.web import errors
from bluegpt.web.studio import introducing, shown
from bluegpt.web.studio.shown import ModelGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the composer holds when a page is shown: all that a refused message had."""

    text: str = ""
    model_key: str = ""
    system: str = ""
    history: str = "[]"
    error: BlueError | None = None
    had_files: bool = False


def frame(person_id: UUID, *, current_id: UUID | None = None) -> dict[str, Any]:
    """The list of conversations beside every page."""
    page = conversations.conversations(person_id=person_id)
    return {
        "groups": shown.sidebar_groups(page.lines),
        "has_lines": bool(page.lines),
        "next_cursor": page.next_cursor,
        "current_id": current_id,
    }


def composer(
    person_id: UUID, model_key: str, draft: Draft, *, with_pictures: bool = True
) -> dict[str, Any]:
    """The composer with a model chosen: the draft's, else the one asked for, else the first."""
    wished_key = draft.model_key or model_key
    groups = shown.choices(wished_key, person_id, with_pictures=with_pictures)
    return {"draft": draft, **with_model(groups, wished_key, person_id)}


def with_model(groups: Sequence[ModelGroup], wished_key: str, person_id: UUID) -> dict[str, Any]:
    """What every composer needs: a model of these groups, the wished one, else one that can be
    used; what is to be read before the first message to its company; a key for one sending.
    """
    rows = [row for group in groups for row in group.rows]
    usable = [row for row in rows if row.is_usable]
    wished = [row for row in rows if row.model.key == wished_key]
    chosen = next(iter([*wished, *usable, *rows]), None)
    return {
        "model_groups": groups,
        "chosen": chosen,
        "introductions": introducing.shown(
            person_id,
            [row.model.recipient for row in usable],
            chosen=chosen.model.recipient if chosen else "",
        ),
        "request_key": new_id(),
        "limits": settings.BLUEGPT.chat,
    }


def usual_model(person_id: UUID, context: Mapping[str, Any]) -> str:
    """The model of the conversation that was used last; empty for a newcomer."""
    lines = [line for group in context["groups"] for line in group.lines if not line.is_pinned]
    if not lines:
        return ""
    try:
        return conversations.own(person_id, lines[0].id).model_key
    except UnknownConversation:  # deleted in this very moment, in another tab
        return ""


def live_call(messages: tuple[MessageView, ...]) -> UUID | None:
    """The answer that is still being made, if the last message is one."""
    call = messages[-1].call if messages else None
    return call.id if call and call.state is CallState.LIVE else None


def new_page(
    request: HttpRequest, person_id: UUID, draft: Draft, *, model_key: str = ""
) -> HttpResponse:
    """A conversation that has not begun."""
    context = frame(person_id)
    context |= composer(person_id, model_key or usual_model(person_id, context), draft)
    return render(request, "studio/new.html", context, status=_status(draft))


def temporary_page(
    request: HttpRequest, person_id: UUID, draft: Draft, messages: tuple[MessageView, ...] = ()
) -> HttpResponse:
    """A conversation that only the page remembers."""
    context = frame(person_id)
    # Nothing is kept here, so nothing is drawn.
    context |= composer(person_id, usual_model(person_id, context), draft, with_pictures=False)
    context |= {"messages_shown": messages, "is_temporary": True}
    return render(request, "studio/temporary.html", context, status=_status(draft))


def conversation_page(
    request: HttpRequest, person_id: UUID, view: ConversationView, draft: Draft
) -> HttpResponse:
    """A conversation as it is stored, or an earlier stretch of it."""
    context = frame(person_id, current_id=view.id)
    context |= composer(person_id, view.model_key, draft)
    context |= branch(view)
    context |= {
        "is_earlier": "before" in request.GET,
        "edited_id": request.GET.get("edit", ""),
        "retried_id": request.GET.get("retry", ""),
    }
    return render(request, "studio/conversation.html", context, status=_status(draft))


def branch(view: ConversationView) -> dict[str, Any]:
    """The messages on show, and the answer that is being made among them."""
    return {
        "conversation": view,
        "messages_shown": view.messages,
        "live_call_id": live_call(view.messages),
    }


def _status(draft: Draft) -> int:
    return errors.status_of(draft.error) if draft.error else 200
