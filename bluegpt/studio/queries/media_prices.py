"""What a picture, or a second of film, costs at the least, to choose a model by."""

from collections.abc import Sequence

from bluegpt.credits.errors import NoPrice
from bluegpt.credits.queries import prices
from bluegpt.credits.types import Consumption, Meter, MeterLine, Rate
from bluegpt.providers.queries import drawing, filming
from bluegpt.providers.types.models import Model
from bluegpt.studio.rules.pricing import consumption_of


def picture_microcredits(model: Model, rates: Sequence[Rate]) -> int | None:
    """The price of the cheapest picture of a model, at rates at hand; its prompt comes on top.

    None for a model that does not draw, or has no price.
    """
    if not model.draws:
        return None
    if drawing.is_by_the_piece(model):
        line = MeterLine(meter=Meter.IMAGE, quantity=1)
    else:
        least = min(tokens for canvas in model.canvases for _quality, tokens in canvas.tokens_max)
        meters = {rate.meter for rate in rates}
        meter = Meter.IMAGE_OUTPUT if Meter.IMAGE_OUTPUT in meters else Meter.OUTPUT
        line = MeterLine(meter=meter, quantity=least)
    try:
        return prices.charge(Consumption(sku=model.sku, context_tokens=0, lines=(line,)), rates)
    except NoPrice:
        return None


def second_microcredits(model: Model) -> int | None:
    """The most that a second costs in the cheapest size; None for a model that does not film."""
    if model.filming is None:
        return None
    seconds = model.filming.seconds[0]
    book = prices.rates([canvas.sku for canvas in model.filming.canvases])
    amounts = [
        prices.charge(
            consumption_of(
                filming.film_bound(model, size=canvas.size, seconds=seconds, input_tokens=0),
                sku=canvas.sku,
            ),
            book[canvas.sku],
        )
        for canvas in model.filming.canvases
        if canvas.sku in book
    ]
    return -(-min(amounts) // seconds) if amounts else None
