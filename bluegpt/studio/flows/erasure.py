"""Deleting what a person has, what is under way and what providers hold of it included."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from uuid import UUID

from bluegpt.core.errors import BlueError
from bluegpt.core.held_elsewhere import Forgotten
from bluegpt.core.threads import in_thread
from bluegpt.providers.errors import UnknownModel
from bluegpt.providers.services import films
from bluegpt.studio.flows import live
from bluegpt.studio.queries import calls, held_films
from bluegpt.studio.queries.held_films import HeldFilm
from bluegpt.studio.services import conversations, gallery
from bluegpt.studio.services.films import note_forget_fault, note_forgotten

# How often, and how long each time, a provider is asked to delete what it holds of a film. After
# that it ends by the provider's own term.
ASKED_TIMES_MAX = 3
_ASKING_S_MAX = 10
_ASKED_AT_ONCE = 8


async def delete_conversation(*, person_id: UUID, conversation_id: UUID) -> None:
    """Stop what is still being written in it, then delete it. Raises UnknownConversation."""
    for call_id in await in_thread(
        calls.live_calls, person_id=person_id, conversation_id=conversation_id
    ):
        await live.stop(person_id=person_id, call_id=call_id)
    held = await in_thread(
        held_films.of_conversation, person_id=person_id, conversation_id=conversation_id
    )
    await _forget_for_a_moment(held)
    await in_thread(conversations.delete, person_id=person_id, conversation_id=conversation_id)


async def delete_assets(*, person_id: UUID, asset_ids: Collection[UUID]) -> None:
    """Delete pictures and films, at their providers too. Raises UnknownAsset."""
    await in_thread(gallery.check_mine, person_id, asset_ids)
    held = await in_thread(held_films.of_last_assets, person_id=person_id, asset_ids=asset_ids)
    await _forget_for_a_moment(held)
    await in_thread(gallery.delete_assets, person_id=person_id, asset_ids=asset_ids)


async def delete_creation(*, person_id: UUID, creation_id: UUID) -> None:
    """Delete a wish and all that came of it, at its provider too.

    Raises UnknownCreation, StillBeingMade.
    """
    await in_thread(gallery.check_deletable, person_id=person_id, creation_id=creation_id)
    held = await in_thread(held_films.of_creation, person_id=person_id, creation_id=creation_id)
    await _forget_for_a_moment(held)
    await in_thread(gallery.delete_creation, person_id=person_id, creation_id=creation_id)


async def forget_films_of(person_id: UUID) -> Forgotten:
    """Have providers delete every film that they hold for somebody."""
    return await forget(await in_thread(held_films.of_person, person_id))


async def forget(held: Sequence[HeldFilm]) -> Forgotten:
    """Have providers delete films. What is not answered is waiting, ASKED_TIMES_MAX times."""
    room = asyncio.Semaphore(_ASKED_AT_ONCE)

    async def in_turn(film: HeldFilm) -> Forgotten:
        async with room:
            return await _forget(film)

    return sum(await asyncio.gather(*map(in_turn, held)), Forgotten())


async def _forget_for_a_moment(held: Sequence[HeldFilm]) -> None:
    """The same while somebody waits: what is not answered soon ends by the provider's own term."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_ASKING_S_MAX):
            await forget(held)


async def _forget(film: HeldFilm) -> Forgotten:
    try:
        async with asyncio.timeout(_ASKING_S_MAX):
            is_gone = await films.forget(film.model_key, film.ref)
    except UnknownModel:
        is_gone = False  # it was taken out of the catalogue, and the way to its provider with it
    except (BlueError, TimeoutError):
        if film.faults + 1 < ASKED_TIMES_MAX:
            await in_thread(note_forget_fault, creation_id=film.creation_id)
            return Forgotten(waiting=1)
        is_gone = False
    await in_thread(note_forgotten, creation_id=film.creation_id)
    return Forgotten(done=1) if is_gone else Forgotten(could_not=1)
