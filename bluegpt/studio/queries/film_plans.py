"""Before a film is made: whether the model makes it so, and the most that it can cost."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from bluegpt.credits.errors import InsufficientCredits, NoPrice
from bluegpt.credits.queries import balances, prices
from bluegpt.credits.types import Quote
from bluegpt.providers.queries import filming
from bluegpt.providers.types.films import FilmAct, FilmRequest
from bluegpt.providers.types.models import FilmingSkills, Model, Sound
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.errors import FilmNotOffered, TooManyFilms
from bluegpt.studio.models import FilmJob
from bluegpt.studio.rules.pricing import consumption_of
from bluegpt.studio.types.media import FilmStep, FilmWish


def check_offer(model: Model, wish: FilmWish) -> None:
    """Raise FilmNotOffered for what this model cannot be told."""
    skills = model.filming
    assert skills is not None, "whoever asks has looked whether it films"
    sound_fits = skills.sound is Sound.CHOICE or wish.with_sound is (skills.sound is Sound.ALWAYS)
    acts = {FilmAct.CREATE: True, FilmAct.REMIX: skills.remixes, FilmAct.EXTEND: skills.extends}
    fits = (
        filming.canvas(model, wish.size) is not None
        and (wish.act is FilmAct.REMIX or wish.seconds in skills.seconds)
        and sound_fits
        and acts[wish.act]
        and (wish.picture_id is None or skills.starts_from_picture)
    )
    if not fits:
        raise FilmNotOffered(model_name=model.display_name, offered=_offered(skills))


def request_of(
    model: Model, wish: FilmWish, *, picture: ImagePart | None = None, source_ref: str = ""
) -> FilmRequest:
    """The request, with its bounds, of a model as it is billed in that size."""
    input_tokens = filming.prompt_bound(model, wish.text, picture, act=wish.act)
    most = filming.film_bound(
        model, size=wish.size, seconds=wish.seconds, input_tokens=input_tokens
    )
    return FilmRequest(
        model=filming.billed_as(model, wish.size),
        prompt=wish.text,
        seconds=wish.seconds,
        size=wish.size,
        with_sound=wish.with_sound,
        act=wish.act,
        picture=picture,
        source_ref=source_ref,
        input_tokens=input_tokens,
        output_tokens=most.output_tokens,
    )


def bound(request: FilmRequest) -> Usage:
    """The most that a film can count. Raises ValueError for a size that the model has not."""
    return filming.film_bound(
        request.model,
        size=request.size,
        seconds=request.seconds,
        input_tokens=request.input_tokens,
    )


def worst_price(request: FilmRequest) -> Quote:
    """What that costs. Raises NoPrice when the model is not in the price book."""
    sku = request.model.sku
    if sku not in prices.rates([sku]):
        raise NoPrice
    return prices.quote(consumption_of(bound(request), sku=sku))


def quote(*, person_id: UUID, request: FilmRequest) -> Quote:
    """The same, for somebody who can pay it. Raises InsufficientCredits, NoPrice.

    A cap is left for the hold to refuse.
    """
    worst = worst_price(request)
    available = balances.balance(person_id).available_microcredits
    if worst.amount_microcredits > available:
        raise InsufficientCredits(
            needed_microcredits=worst.amount_microcredits, available_microcredits=available
        )
    return worst


def check_room(person_id: UUID) -> None:
    """Raise TooManyFilms for somebody who waits for as many as one may."""
    films_max = settings.BLUEGPT.films.at_once_max
    under_way = FilmJob.objects.filter(creation__person_id=person_id)
    if under_way.exclude(step=FilmStep.ENDED).count() >= films_max:
        raise TooManyFilms(films_max=films_max)


def _offered(skills: FilmingSkills) -> str:
    sounds = {
        Sound.NEVER: _("without sound"),
        Sound.ALWAYS: _("with sound"),
        Sound.CHOICE: _("with or without sound"),
    }
    sizes = ", ".join(canvas.size for canvas in skills.canvases)
    seconds = ", ".join(map(str, skills.seconds))
    return f"{sizes}; {seconds} s; {sounds[skills.sound]}"
