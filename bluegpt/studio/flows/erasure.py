"""Deleting a conversation, answers under way included."""

from uuid import UUID

from bluegpt.core.threads import in_thread
from bluegpt.studio.flows import live
from bluegpt.studio.queries import calls
from bluegpt.studio.services import conversations


async def delete_conversation(*, person_id: UUID, conversation_id: UUID) -> None:
    """Stop what is still being written in it, then delete it. Raises UnknownConversation."""
    for call_id in await in_thread(
        calls.live_calls, person_id=person_id, conversation_id=conversation_id
    ):
        await live.stop(person_id=person_id, call_id=call_id)
    await in_thread(conversations.delete, person_id=person_id, conversation_id=conversation_id)
