"""The page that a message was sent from, with everything that was typed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from bluegpt.core.errors import BlueError
from bluegpt.studio.queries import conversations
from bluegpt.web.studio import begun, composing
from bluegpt.web.studio.composing import Draft
from bluegpt.web.studio.forms import MessageForm


def page(
    request: HttpRequest, form: MessageForm, person_id: UUID, refusal: BlueError | None = None
) -> HttpResponse:
    """The page with the draft on it, and why it was not sent when there is a refusal."""
    draft = Draft(
        text=form.data.get("text", ""),
        model_key=form.data.get("model", ""),
        system=form.data.get("system", ""),
        history=form.data.get("history", "[]"),
        error=refusal,
        had_files=bool(request.FILES),
    )
    data = getattr(form, "cleaned_data", {})
    if form.data.get("temporary"):
        turns = data.get("history", ())
        shown = begun.temporary_messages(turns)
        return composing.temporary_page(request, person_id, draft, shown)
    if data.get("conversation"):
        view = conversations.conversation(person_id=person_id, conversation_id=data["conversation"])
        return composing.conversation_page(request, person_id, view, draft)
    return composing.new_page(request, person_id, draft)
