"""A film's bytes: from the provider, marked, sealed as they come, and looked at as stored."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.providers.services import films as provider
from bluegpt.providers.types.films import FilmRequest
from bluegpt.providers.types.turns import ImagePart
from bluegpt.studio.adapters.previews import FilmFacts, UnreadableFilm, film_facts
from bluegpt.studio.errors import FilmUnreadable
from bluegpt.studio.flows import assets
from bluegpt.studio.flows.certifying import certified_film
from bluegpt.studio.queries.films import Standing
from bluegpt.studio.rules.film_marks import marked_film
from bluegpt.studio.services import films as steps
from bluegpt.studio.services.creations import StoredMedia
from bluegpt.studio.types.media import Kind
from bluegpt.vault.services import files as vault_files
from bluegpt.vault.services import streams

if TYPE_CHECKING:
    import hashlib

SIZE_BYTES_MAX = 2_000_000_000
# How often a long film says that it is still being fetched, and hears of a stop.
_LIFE_S = 2.0
# How long after its deadline a film that was done before it may still be on its way to us.
_FETCH_MAX = timedelta(minutes=15)


class FilmStopped(Exception):
    """Somebody asked to stop while it was being fetched, or it comes too slowly to wait for."""


def new_key() -> str:
    """A key to note down before a film is written."""
    return vault_files.new_key()


async def remove(file_key: str) -> None:
    """Remove a film that nobody got, half-written or whole, with its pictures."""
    if file_key:
        for key in (file_key, _beside(file_key, "poster"), _beside(file_key, "thumbnail")):
            await vault_files.delete(key)


async def fetched(at: Standing, request: FilmRequest, *, key: str) -> tuple[StoredMedia, str]:
    """Store the film under `key`, and its pictures beside it; with the SHA-256 of its bytes.

    Raises FilmStopped, FilmUnreadable and what a provider's failure means; then some of it may lie
    in the store, for `remove`.
    """
    asset_id = new_id()
    place = assets.place_of(at.person_id, asset_id, "file")
    coming, digest = _Coming(at, request), sha256()
    try:
        async with aclosing(_digested(_marked(coming), digest)) as chunks:
            _key, size_bytes = await streams.put(chunks, place=place, key=key)
    except ValueError as wrong:
        raise _unreadable(wrong) from None

    def read(start: int, stop: int) -> AsyncIterator[bytes]:
        return streams.read(key, place=place, start=start, stop=stop)

    try:
        facts = await film_facts(read, size_bytes=size_bytes)
    except UnreadableFilm as wrong:
        raise _unreadable(wrong) from None
    await _store_pictures(at.person_id, asset_id, key, facts)
    made = StoredMedia(
        asset_id=asset_id,
        kind=Kind.FILM,
        place=0,
        media_type="video/mp4",
        file_key=key,
        poster_key=_beside(key, "poster"),
        thumbnail_key=_beside(key, "thumbnail"),
        size_bytes=size_bytes,
        width_px=facts.width_px,
        height_px=facts.height_px,
        duration_ms=facts.duration_ms,
        has_sound=facts.has_sound,
    )
    return made, digest.hexdigest()


async def picture(person_id: UUID, asset_id: UUID) -> ImagePart:
    """A picture to begin with, opened. Raises UnknownAsset."""
    view, data = await assets.whole(person_id=person_id, asset_id=asset_id)
    return ImagePart(
        media_type=view.media_type, data=data, width_px=view.width_px, height_px=view.height_px
    )


def _marked(coming: "_Coming") -> AsyncGenerator[bytes]:
    return certified_film(marked_film(coming.chunks()))


class _Coming:
    """The provider's bytes on their way: counted, and stopped when somebody asks."""

    def __init__(self, at: Standing, request: FilmRequest) -> None:
        self._at = at
        self._request = request

    async def chunks(self) -> AsyncGenerator[bytes]:
        size_bytes, shown_s = 0, clock.monotonic_s()
        async with aclosing(provider.fetch(self._at.ref, request=self._request)) as chunks:
            async for chunk in chunks:
                size_bytes += len(chunk)
                if size_bytes > SIZE_BYTES_MAX:
                    raise FilmUnreadable
                if clock.monotonic_s() - shown_s >= _LIFE_S:
                    shown_s = clock.monotonic_s()
                    await self._show_life()
                yield chunk

    async def _show_life(self) -> None:
        is_stopped = await in_thread(steps.show_life, creation_id=self._at.creation_id)
        if is_stopped or clock.now() >= self._at.deadline_at + _FETCH_MAX:
            raise FilmStopped


async def _digested(
    chunks: AsyncGenerator[bytes], digest: "hashlib._Hash"
) -> AsyncGenerator[bytes]:
    async with aclosing(chunks):
        async for chunk in chunks:
            digest.update(chunk)
            yield chunk


def _unreadable(wrong: Exception) -> FilmUnreadable:
    error = FilmUnreadable()
    error.add_note(str(wrong))
    return error


async def _store_pictures(person_id: UUID, asset_id: UUID, key: str, facts: FilmFacts) -> None:
    poster, thumbnail = _beside(key, "poster"), _beside(key, "thumbnail")
    await assets.put(person_id, asset_id, "poster", facts.poster, key=poster)
    await assets.put(person_id, asset_id, "thumbnail", facts.thumbnail, key=thumbnail)


def _beside(file_key: str, part: str) -> str:
    """The key of a film's picture, which follows from the film's: who knows one finds all."""
    name = sha256(f"{file_key} {part}".encode()).hexdigest()[:48]
    return f"{name[:2]}/{name[2:]}"
