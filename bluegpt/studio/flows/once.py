"""A request with a key begins once, however often and from wherever it is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID
from weakref import WeakValueDictionary

from django.db import IntegrityError

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.studio.errors import AnswerNotKept
from bluegpt.studio.flows.live import house
from bluegpt.studio.services import answers
from bluegpt.studio.types.calls import Asked
from bluegpt.studio.types.prompts import PicturePrompt, Prompt

# Requests with one key begin one after the other: the second finds what the first began.
_beginning: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


async def begun_once(
    prompt: Prompt | PicturePrompt, begin: Callable[[UUID], Awaitable[Asked]]
) -> Asked:
    """What `begin` begins under the call's id, or what an earlier request with the key began.

    Raises IdempotencyConflict for a known key with another digest, and AnswerNotKept for a repeat
    whose answer is no longer in this process's memory.
    """
    call_id = prompt.request_key or new_id()
    lock = _beginning.setdefault(call_id, asyncio.Lock())
    async with lock:
        earlier = await _earlier(prompt, call_id)
        if earlier is not None:
            return earlier
        try:
            return await begin(call_id)
        except IntegrityError:
            # Another process was quicker with the same key.
            earlier = await _earlier(prompt, call_id)
            if earlier is None:
                raise
            return earlier


async def _earlier(prompt: Prompt | PicturePrompt, call_id: UUID) -> Asked | None:
    if prompt.request_key is None:
        return None
    asked = await in_thread(
        answers.begun,
        person_id=prompt.person_id,
        call_id=call_id,
        request_digest=prompt.request_digest,
    )
    if asked is None:
        return None
    if house.find(call_id) is None:
        raise AnswerNotKept
    return replace(asked, is_repeated=True)
