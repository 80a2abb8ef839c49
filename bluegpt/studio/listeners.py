"""What studio does when something happened below."""

from uuid import UUID

from asgiref.sync import async_to_sync

from bluegpt.core.before_erasure import stops
from bluegpt.core.events import listen
from bluegpt.core.held_elsewhere import Forgotten, forgets
from bluegpt.credits.events import DoubtEnded
from bluegpt.privacy.events import LimitSet, UseEnded
from bluegpt.privacy.queries.standing import closed_recipients
from bluegpt.providers.services.chat import close_clients
from bluegpt.studio.events import FilmEnded
from bluegpt.studio.flows import live
from bluegpt.studio.flows.chat import PURPOSE
from bluegpt.studio.flows.erasure import forget_films_of
from bluegpt.studio.queries.calls import live_calls_of
from bluegpt.studio.services import film_letters
from bluegpt.studio.services.answers import know_cost
from bluegpt.studio.services.stopping import ask_to_stop


@listen(DoubtEnded)
def show_the_cost(event: DoubtEnded) -> None:
    """An answer whose cost was being checked shows what it did cost."""
    know_cost(call_id=event.hold_id)


@listen(UseEnded)
def stop_answers(event: UseEnded) -> None:
    """Somebody no longer allows answers: those under way stop, and cost what has come."""
    if event.purpose in ("", PURPOSE):
        for call_id in live_calls_of(event.person_id):
            live.stop_from_a_listener(person_id=event.person_id, call_id=call_id)


@listen(LimitSet)
def stop_answers_outside_the_limit(event: LimitSet) -> None:
    """Somebody no longer allows a recipient: what it is writing for them stops."""
    closed = closed_recipients(event.person_id)
    for call_id, recipient in live_calls_of(event.person_id).items():
        if recipient in closed:
            live.stop_from_a_listener(person_id=event.person_id, call_id=call_id)


@listen(FilmEnded)
def tell_film_ended(event: FilmEnded) -> None:
    """A film is there, or will not come."""
    film_letters.tell_ended(creation_id=event.creation_id)


@forgets
def forget_films(person_id: UUID) -> Forgotten:
    """Films that providers hold for somebody who is being erased are deleted there."""
    return async_to_sync(_forget_films)(person_id)


async def _forget_films(person_id: UUID) -> Forgotten:
    try:
        return await forget_films_of(person_id)
    finally:
        # This loop ends here, and its connections with it.
        await close_clients()


@stops
def stop_answers_before_erasure(person_id: UUID) -> bool:
    """Every answer of somebody who is being erased ends as if they had stopped it."""
    live = live_calls_of(person_id)
    for call_id in live:
        ask_to_stop(person_id=person_id, call_id=call_id)
    return not live
