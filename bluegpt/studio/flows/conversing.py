"""What is said in a conversation: the model decides whether words answer it, or pictures."""

from uuid import UUID

from bluegpt.core.threads import in_thread
from bluegpt.providers.queries import catalogue, tokens
from bluegpt.studio.flows import chat, picture_answers
from bluegpt.studio.queries import conversations
from bluegpt.studio.types.calls import Asked, MessageQuote
from bluegpt.studio.types.conversations import Ask
from bluegpt.studio.types.files import Upload


async def ask(ask: Ask) -> Asked:
    """Send a message. Raises what `chat.ask` and `picture_answers.ask` raise."""
    if await _draws(ask.model_key):
        return await picture_answers.ask(ask)
    return await chat.ask(ask)


async def regenerate(
    *, person_id: UUID, conversation_id: UUID, answer_id: UUID, model_key: str = ""
) -> Asked:
    """Another answer to the same question, by the model that gave the first unless one is named.

    One that came back in an archive was given elsewhere: then it is the conversation's model.
    """
    model_key = model_key or await in_thread(
        conversations.model_of,
        person_id=person_id,
        conversation_id=conversation_id,
        answer_id=answer_id,
    )
    again = picture_answers.regenerate if await _draws(model_key) else chat.regenerate
    return await again(
        person_id=person_id,
        conversation_id=conversation_id,
        answer_id=answer_id,
        model_key=model_key,
    )


async def edit(
    *, person_id: UUID, conversation_id: UUID, message_id: UUID, text: str, model_key: str = ""
) -> Asked:
    """Ask a changed question at the same place, by the conversation's model unless one is named."""
    if not model_key:
        row = await in_thread(conversations.own, person_id, conversation_id)
        model_key = row.model_key
    change = picture_answers.edit if await _draws(model_key) else chat.edit
    return await change(
        person_id=person_id,
        conversation_id=conversation_id,
        message_id=message_id,
        text=text,
        model_key=model_key,
    )


async def quote(
    ask: Ask, *, ascii_chars: int = 0, other_chars: int = 0, file_tokens: int = 0
) -> MessageQuote:
    """The most that a draft can cost. As `chat.quote`."""
    if await _draws(ask.model_key):
        words = tokens.text_bound(ascii_chars=ascii_chars, other_chars=other_chars)
        return await picture_answers.quote(ask, text_tokens=words, file_tokens=file_tokens)
    return await chat.quote(
        ask, ascii_chars=ascii_chars, other_chars=other_chars, file_tokens=file_tokens
    )


async def measure(upload: Upload, *, model_key: str) -> int:
    """Tokens that a file can cost at most on a model; the file is read and forgotten.

    Raises what `ask` would raise for the same file.
    """
    if await _draws(model_key):
        return await picture_answers.measure(upload, model_key=model_key)
    return await chat.measure(upload, model_key=model_key)


async def _draws(model_key: str) -> bool:
    """Whether a model makes pictures. Raises UnknownModel."""
    return (await in_thread(catalogue.model, model_key)).draws
