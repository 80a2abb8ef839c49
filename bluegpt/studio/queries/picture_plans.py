"""Before pictures are made: whether the model makes them so, and the most that they can cost."""

from uuid import UUID

from bluegpt.credits.errors import InsufficientCredits, NoPrice
from bluegpt.credits.queries import balances, prices
from bluegpt.credits.types import Consumption, Meter, MeterLine, Quote
from bluegpt.providers.queries import drawing
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.pictures import AUTO, PictureFormat, PictureRequest
from bluegpt.studio.errors import SettingNotOffered, SizeNotOffered
from bluegpt.studio.rules.budget import dearest


def check_offer(model: Model, *, size: str, quality: str) -> None:
    """Raise SizeNotOffered for a size, or a quality of it, that this model does not have."""
    fitting = [
        canvas
        for canvas in model.canvases
        if size in (AUTO, canvas.size) and quality in (AUTO, *dict(canvas.tokens_max))
    ]
    if not fitting:
        offered = ", ".join(
            f"{canvas.size} ({', '.join(dict(canvas.tokens_max))})" for canvas in model.canvases
        )
        raise SizeNotOffered(model_name=model.display_name, offered=offered)


def check_skills(request: PictureRequest) -> None:
    """Raise SettingNotOffered for something that this model cannot be told."""
    model, skills = request.model, request.model.drawing
    references = len(request.references)
    refused = {
        "number": request.number > skills.number_max,
        "format": bool(skills.formats) and request.format.value not in skills.formats,
        "background": request.background not in (AUTO, *skills.backgrounds),
        "transparent_jpeg": request.background == "transparent"
        and request.format is PictureFormat.JPEG,
        "style": request.style not in ("", *skills.styles),
        "seed": request.seed is not None and not skills.has_seeds,
        "no_references": bool(references) and not skills.references_max,
        "references": references > skills.references_max,
        "mask": bool(request.mask) and not (skills.has_masks and references),
    }
    for setting, is_refused in refused.items():
        if is_refused:
            most = skills.number_max if setting == "number" else skills.references_max
            raise SettingNotOffered(model_name=model.display_name, setting=setting, most=most)


def partials_worth(model: Model, *, size: str, quality: str) -> int:
    """How many unfinished pictures are asked for: providers may bill their tokens.

    As many as the model sends, while they add at most a tenth to the most that a picture counts.
    """
    alone = drawing.drawn_bound(model, size=size, quality=quality)
    for partials in range(model.drawing.partials_max, 0, -1):
        with_them = drawing.drawn_bound(model, size=size, quality=quality, partials=partials)
        if with_them * 10 <= alone * 11:
            return partials
    return 0


def quote(*, person_id: UUID, request: PictureRequest) -> Quote:
    """The most that a request can cost, if the balance can bear it.

    Raises InsufficientCredits, and NoPrice when the model is not in the price book. A cap is left
    for the hold to refuse.
    """
    worst = worst_case(request)
    available = balances.balance(person_id).available_microcredits
    if worst.amount_microcredits > available:
        raise InsufficientCredits(
            needed_microcredits=worst.amount_microcredits, available_microcredits=available
        )
    return worst


def worst_case(request: PictureRequest, *, has_references: bool = False) -> Quote:
    """The most that a request can cost: all its tokens on the dearest meter, or all its pictures.

    `has_references` where only their tokens are known. Raises NoPrice when the model is not in the
    price book.
    """
    sku = request.model.sku
    if sku not in (rates := prices.rates([sku])):
        raise NoPrice
    if drawing.is_by_the_piece(request.model):
        lines: tuple[MeterLine, ...] = (MeterLine(meter=Meter.IMAGE, quantity=request.number),)
    else:
        given = (Meter.IMAGE_INPUT,) if request.references or has_references else ()
        read = dearest(rates[sku], (Meter.INPUT, Meter.CACHED_INPUT, *given))
        drawn = dearest(rates[sku], (Meter.IMAGE_OUTPUT, Meter.OUTPUT))
        lines = (
            MeterLine(meter=read, quantity=request.input_tokens),
            MeterLine(meter=drawn, quantity=request.output_tokens),
        )
        if aside := drawing.aside_bound(request.model, number=request.number):
            lines = (*lines, MeterLine(meter=Meter.OUTPUT, quantity=aside))
    return prices.quote(Consumption(sku=sku, context_tokens=request.input_tokens, lines=lines))
