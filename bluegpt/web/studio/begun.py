"""What the page gets when an answer has begun, and when it has ended."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.providers.types.turns import Role
from bluegpt.studio.queries import calls, conversations
from bluegpt.studio.services import answers
from bluegpt.studio.types.calls import Asked, CallState, CallView, LiveEvent
from bluegpt.studio.types.conversations import Ask, ConversationLine, MessageView, TemporaryTurn
from bluegpt.web import fragments
from bluegpt.web.studio import composing
from bluegpt.web.studio.composing import Draft


def message(request: HttpRequest, ask: Ask, asked: Asked) -> HttpResponse:
    """The pieces of a question and its live answer, and what else changes on the page."""
    context: dict[str, Any] = {"request_key": new_id()}
    if asked.conversation_id is None or asked.question_id is None or asked.answer_id is None:
        question = plain_message(Role.USER, ask.text)
        call = calls.call(person_id=ask.person_id, call_id=asked.call_id)
        # Its text is nowhere but in its events, so the page follows it even when it has ended.
        answer = plain_message(Role.ASSISTANT, "", replace(call, state=CallState.LIVE))
        context |= {"is_temporary": True, "messages_shown": (question, answer)}
        context["live_call_id"] = asked.call_id
        return fragments.fragment(request, "studio/_begun.html", context)
    view = conversations.conversation(
        person_id=ask.person_id, conversation_id=asked.conversation_id, limit=2
    )
    context |= {
        "conversation": view,
        "messages_shown": view.messages,
        # A short answer may have ended by now: then there is nothing to follow, nor to stop.
        "live_call_id": composing.live_call(view.messages),
        "is_new": ask.conversation_id is None,
        "current_id": view.id,
        "line": ConversationLine(
            id=view.id,
            title=view.title,
            last_message_at=clock.now(),
            is_pinned=False,
            is_archived=False,
        ),
    }
    return fragments.fragment(request, "studio/_begun.html", context)


def branch(request: HttpRequest, person_id: UUID, asked: Asked) -> HttpResponse:
    """The branch that an edited question or another answer has made."""
    assert asked.conversation_id is not None
    view = conversations.conversation(person_id=person_id, conversation_id=asked.conversation_id)
    return fragments.fragment(request, "studio/_branch.html", composing.branch(view))


def ended(request: HttpRequest, call: CallView, *, person_id: UUID, language: str) -> str:
    """The pieces that close an answer: its cost, its state, what can be done next, the balance."""
    asked = answers.begun(person_id=person_id, call_id=call.id)
    context: dict[str, Any] = {"call": call, "is_temporary": True}
    if asked is not None and asked.answer_id is not None:
        message = conversations.message(person_id=person_id, message_id=asked.answer_id)
        context = {"call": call, "message": message, "conversation": {"id": asked.conversation_id}}
    with translation.override(language):
        return render_to_string("studio/_ended.html", context, request=request)


def temporary_page(request: HttpRequest, ask: Ask, whole: LiveEvent) -> HttpResponse:
    """Without scripts: a temporary conversation with its newest answer, and the next history."""
    turns = (
        *(ask.temporary or ()),
        TemporaryTurn(role=Role.USER, text=ask.text),
        TemporaryTurn(role=Role.ASSISTANT, text=whole.text),
    )
    history = json.dumps([{"role": turn.role, "text": turn.text} for turn in turns])
    draft = Draft(model_key=ask.model_key, system=ask.system or "", history=history)
    messages = temporary_messages(turns[:-1])
    answer = plain_message(Role.ASSISTANT, whole.text, whole.call, reasoning=whole.reasoning)
    return composing.temporary_page(request, ask.person_id, draft, (*messages, answer))


def temporary_messages(turns: Sequence[TemporaryTurn]) -> tuple[MessageView, ...]:
    """Turns that only the page remembers, as messages."""
    return tuple(plain_message(turn.role, turn.text) for turn in turns)


def plain_message(
    role: Role, text: str, call: CallView | None = None, *, reasoning: str = ""
) -> MessageView:
    """A message that is stored nowhere."""
    return MessageView(
        id=new_id(),
        role=role,
        text=text,
        reasoning=reasoning,
        created_at=clock.now(),
        call=call,
        attachments=(),
        sibling_number=1,
        sibling_count=1,
        previous_sibling_id=None,
        next_sibling_id=None,
    )
