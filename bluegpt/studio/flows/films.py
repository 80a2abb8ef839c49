"""A film is asked for: clear → quote → hold, and word for the worker, which does the rest.

`filming` walks it to its end. Nothing here waits for a provider.
"""

from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError

from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.credits.errors import CapReached, IdempotencyConflict
from bluegpt.credits.services import caps
from bluegpt.privacy.services import gate
from bluegpt.providers.errors import ModelUnavailable
from bluegpt.providers.queries import catalogue
from bluegpt.providers.types.films import FilmAct, FilmRequest
from bluegpt.providers.types.models import Model
from bluegpt.studio.errors import DoesNotFilm, EmptyMessage, FilmNotAtProvider
from bluegpt.studio.flows import prompts
from bluegpt.studio.flows.chat import PURPOSE
from bluegpt.studio.queries import film_inputs, film_plans, films
from bluegpt.studio.services import films as steps
from bluegpt.studio.services import stopping
from bluegpt.studio.services.films import Beginning
from bluegpt.studio.types.calls import Asked
from bluegpt.studio.types.media import FilmWish, MediaQuote


async def film(wish: FilmWish, *, key_id: UUID | None = None, digest: str = "") -> Asked:
    """Have a film made; it goes on by itself, whoever leaves.

    The call's id is the creation's. A repeated `request_key` begins nothing. Raises Refused,
    Missing, Conflict or Unavailable with a sentence; then nothing was written, nothing is held.
    """
    call_id = wish.request_key or new_id()
    earlier = await _earlier(wish, call_id, digest)
    if earlier is not None:
        return earlier
    if not wish.text.strip():
        raise EmptyMessage
    wish = await _fitted(wish)
    model = await _model(wish)
    request = await _request(model, wish)
    await in_thread(
        gate.clear,
        person_id=wish.person_id,
        purpose=PURPOSE,
        recipient=model.recipient,
        data_classes=frozenset({DataClass.CONTENT}),
    )
    await in_thread(film_plans.check_room, wish.person_id)
    price = await in_thread(film_plans.quote, person_id=wish.person_id, request=request)
    beginning = Beginning(
        call_id=call_id,
        person_id=wish.person_id,
        model=request.model,
        price=price,
        usage=film_plans.bound(request),
        prompt=wish.text,
        settings={
            "seconds": wish.seconds,
            "size": wish.size,
            "with_sound": wish.with_sound,
            "act": wish.act.value,
        },
        picture_id=wish.picture_id,
        source_id=wish.source_id,
        wants_mail=wish.wants_mail,
        key_id=key_id,
        request_digest=digest,
    )
    try:
        return await in_thread(steps.begin, beginning)
    except CapReached as error:
        await in_thread(caps.note_refusal, error, person_id=wish.person_id)
        raise
    except IntegrityError:
        # Another process was quicker with the same key.
        earlier = await _earlier(wish, call_id, digest)
        if earlier is None:
            raise
        return earlier


async def quote(wish: FilmWish) -> MediaQuote:
    """The most that a film can cost, and a second of it, whether or not it can be paid.

    Raises DoesNotFilm, FilmNotOffered, UnknownModel, UnknownAsset, FilmNotAtProvider, NoPrice.
    """
    wish = await _fitted(wish)
    request = await _request(await _model(wish), wish)
    price = await in_thread(film_plans.worst_price, request)
    return MediaQuote(
        each_microcredits=-(-price.amount_microcredits // wish.seconds),
        amount_microcredits=price.amount_microcredits,
    )


async def stop(*, person_id: UUID, creation_id: UUID) -> None:
    """Have a film given up; nothing is charged for it. One that has ended stays as it is."""
    await in_thread(stopping.ask_to_stop, person_id=person_id, call_id=creation_id)


async def _model(wish: FilmWish) -> Model:
    model: Model = await in_thread(catalogue.model, wish.model_key)
    if not model.films:
        raise DoesNotFilm
    if not model.is_available:
        raise ModelUnavailable
    film_plans.check_offer(model, wish)
    prompts.check_length(wish.text)
    return model


async def _request(model: Model, wish: FilmWish) -> FilmRequest:
    """The request without the bytes of its picture: all that a price needs."""
    picture, source_ref = None, ""
    if wish.picture_id is not None:
        picture = await in_thread(
            film_inputs.outlined_picture, person_id=wish.person_id, asset_id=wish.picture_id
        )
    if wish.source_id is not None:
        source_ref = await _source_ref(wish.source_id)
    return film_plans.request_of(model, wish, picture=picture, source_ref=source_ref)


async def _fitted(wish: FilmWish) -> FilmWish:
    """A film that is changed keeps its size and its length, one that goes on its size.

    Raises UnknownAsset, FilmNotAtProvider.
    """
    if wish.act is FilmAct.CREATE:
        return replace(wish, source_id=None)
    if wish.source_id is None:
        raise FilmNotAtProvider
    source = await in_thread(film_inputs.source, person_id=wish.person_id, asset_id=wish.source_id)
    if source.model_key != wish.model_key:
        raise FilmNotAtProvider
    seconds = source.seconds if wish.act is FilmAct.REMIX else wish.seconds
    return replace(wish, size=source.size, seconds=seconds)


async def _source_ref(source_id: UUID) -> str:
    ref = await in_thread(film_inputs.source_ref, source_id)
    if not ref:
        raise FilmNotAtProvider
    return ref


async def _earlier(wish: FilmWish, call_id: UUID, digest: str) -> Asked | None:
    if wish.request_key is None:
        return None
    call = await in_thread(films.begun, person_id=wish.person_id, call_id=call_id)
    if call is None:
        return None
    if call.request_digest != digest:
        raise IdempotencyConflict
    return steps.asked_of(call)
