"""What a person does to a conversation as a whole.

Each raises UnknownConversation, and UseRestricted while the person has frozen their data.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from bluegpt.core import clock
from bluegpt.core.erasures import ends
from bluegpt.core.jobs import enqueue
from bluegpt.privacy.queries.standing import check_not_restricted
from bluegpt.studio.errors import UnknownConversation, UnknownMessage
from bluegpt.studio.models import Attachment, Conversation, Creation, Message
from bluegpt.studio.queries.asset_files import keys_of_creations
from bluegpt.studio.queries.branches import leaf_below
from bluegpt.studio.queries.conversations import own
from bluegpt.studio.services.sealing import seal_text
from bluegpt.vault.services import erasures

TITLE_CHARS_MAX = 200
DELETE_FILES_JOB = "studio.delete_files"
CONVERSATION = "studio.conversation"  # of the journal of erasures
_FILES_OF_A_JOB = 300


def rename(*, person_id: UUID, conversation_id: UUID, title: str) -> None:
    """Give a title of the person's own, at most TITLE_CHARS_MAX characters of it."""
    sealed = seal_text(
        " ".join(title.split())[:TITLE_CHARS_MAX],
        person_id=person_id,
        place="conversation.title",
        row_id=conversation_id,
    )
    _change(person_id, conversation_id, title_sealed=sealed, title_is_chosen=True)


def pin(*, person_id: UUID, conversation_id: UUID) -> None:
    """Keep it at the top of the list."""
    _change(person_id, conversation_id, pinned_at=clock.now())


def unpin(*, person_id: UUID, conversation_id: UUID) -> None:
    """Let it sink with time again."""
    _change(person_id, conversation_id, pinned_at=None)


def archive(*, person_id: UUID, conversation_id: UUID) -> None:
    """Take it out of the list without deleting it."""
    _change(person_id, conversation_id, archived_at=clock.now())


def unarchive(*, person_id: UUID, conversation_id: UUID) -> None:
    """Put it back into the list."""
    _change(person_id, conversation_id, archived_at=None)


def set_model(*, person_id: UUID, conversation_id: UUID, model_key: str) -> None:
    """Choose the model of the next answer."""
    _change(person_id, conversation_id, model_key=model_key)


def set_system(*, person_id: UUID, conversation_id: UUID, system: str) -> None:
    """Set what every answer of this conversation is told first; empty for nothing."""
    sealed = seal_text(
        system, person_id=person_id, place="conversation.system", row_id=conversation_id
    )
    _change(person_id, conversation_id, system_sealed=sealed)


def show_branch(*, person_id: UUID, conversation_id: UUID, message_id: UUID) -> None:
    """Show the newest branch that goes through a message. Raises UnknownMessage too."""
    own(person_id, conversation_id)
    if not Message.objects.filter(id=message_id, conversation_id=conversation_id).exists():
        raise UnknownMessage
    leaf_id = leaf_below(message_id, conversation_id=conversation_id)
    # Where somebody reads is no change of what they wrote: a freeze does not stop it.
    _mine(person_id, conversation_id).update(leaf_id=leaf_id)


def delete(*, person_id: UUID, conversation_id: UUID) -> None:
    """Delete it with its messages; its files follow by a job that cannot be lost.

    The erasure is noted first, so that a restored backup does not bring it back.
    """
    check_not_restricted(person_id)
    own(person_id, conversation_id)
    erasures.erase(CONVERSATION, conversation_id)


@ends(CONVERSATION)
def _end(subject: str) -> None:
    keys = Attachment.objects.filter(message__conversation_id=subject)
    shown = Creation.objects.filter(message__conversation_id=subject)
    file_keys = [*keys.values_list("file_key", flat=True), *keys_of_creations(shown)]
    Conversation.objects.filter(id=subject).delete()
    delete_files_soon(file_keys)


def delete_files_soon(file_keys: Sequence[str]) -> None:
    """Have sealed files removed once this transaction has ended what names them."""
    for start in range(0, len(file_keys), _FILES_OF_A_JOB):
        enqueue(DELETE_FILES_JOB, {"file_keys": file_keys[start : start + _FILES_OF_A_JOB]})


def _mine(person_id: UUID, conversation_id: UUID) -> QuerySet[Conversation]:
    return Conversation.objects.filter(id=conversation_id, person_id=person_id)


def _change(person_id: UUID, conversation_id: UUID, **values: object) -> None:
    with transaction.atomic():
        check_not_restricted(person_id)
        if not _mine(person_id, conversation_id).update(**values):
            raise UnknownConversation
