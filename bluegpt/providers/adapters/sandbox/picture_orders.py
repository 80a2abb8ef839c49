"""Pictures that the sandbox is asked for, on whatever wire: what they count, and the files."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bluegpt.providers.adapters.sandbox import switches, tokens
from bluegpt.providers.adapters.sandbox.fields import Fields
from bluegpt.providers.adapters.sandbox.forms import Upload
from bluegpt.providers.adapters.sandbox.models import CONTEXT_TOKENS, PAINTER, SKETCHER
from bluegpt.providers.adapters.sandbox.painting import Sketch, painted
from bluegpt.providers.adapters.sandbox.refusals import Wording
from bluegpt.providers.adapters.sandbox.switches import BadSwitch, Switches

PROMPT_CHARS_MAX = 32_000
PARTIAL_TOKENS = 2
ABSURD = 10**9
TOKENS = {
    "low": 250,
    "medium": 1_000,
    "high": 4_000,
}  # for 1024 by 1024 pixels; other sizes by their area
# Between two signs of life of a picture lies so much time as between so many tokens of text.
TOKENS_PER_STEP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request for pictures, with everything chosen that was left open.

    `first` is the number of the first of them: the same words with another number give another.
    """

    model: str
    prompt: str
    number: int
    size: str
    quality: str = "medium"
    background: str = "opaque"
    format: str = "png"
    style: str = ""
    seed: int | None = None
    user_id: str = ""
    given: tuple[Upload, ...] = field(default=(), repr=False)
    mask: bytes = field(default=b"", repr=False)
    is_stream: bool = False
    partials: int = 0
    first: int = 0


def check(fields: Fields, model_refusal: Wording) -> tuple[str, str]:
    """The model and the prompt of a request, if both will do."""
    model, prompt = fields.text("model"), fields.text("prompt")
    if model not in (PAINTER, SKETCHER):
        raise model_refusal.refusal(model=model, param="model")
    if not prompt.strip() or len(prompt) > PROMPT_CHARS_MAX:
        raise fields.refuse("prompt", f"expected 1 to {PROMPT_CHARS_MAX} characters")
    return model, prompt


def told_of(order: Order, header: str, errors: Mapping[str, Wording]) -> Switches:
    """The switches of this call; those that mean an error end it here."""
    try:
        told = switches.read(message=order.prompt, header=header)
    except BadSwitch as bad:
        raise errors["switch"].refusal(why=bad) from None
    if told.error:
        raise errors[told.error].refusal(found=CONTEXT_TOKENS + 1, most=CONTEXT_TOKENS)
    return told


def counts(order: Order) -> Mapping[str, int]:
    """What the bill says; nothing where pictures are billed by the piece."""
    if order.model == SKETCHER:
        return {}
    width, height = map(int, order.size.split("x"))
    one = TOKENS[order.quality] * width * height // 2**20 + PARTIAL_TOKENS * order.partials
    pixels = sum(upload.width_px * upload.height_px for upload in order.given)
    return {
        "input_tokens": tokens.TURN_TOKENS + tokens.count(order.prompt),
        "image_tokens": -(-pixels // tokens.PIXELS_PER_TOKEN),
        "output_tokens": order.number * one,
        "drawn_tokens": order.number * one,
    }


def told_counts(order: Order, fault: str) -> Mapping[str, int]:
    """The same as the client is to see them; nothing where they are kept back."""
    told = dict(counts(order))
    match fault:
        case "missing":
            return {}
        case "zero":
            return dict.fromkeys(told, 0)
        case "negative":
            return told | {name: -told[name] for name in ("output_tokens", "drawn_tokens")}
        case "absurd":
            return {name: ABSURD * count for name, count in told.items()}
        case "contradictory":
            return told | {"drawn_tokens": 2 * told["drawn_tokens"] + 1}
    return told


async def files(order: Order, told: Switches) -> list[bytes]:
    """All pictures, painted beside the loop."""
    number = order.number - (told.picture == "fewer")
    return [
        await asyncio.to_thread(painted, sketch_of(order, told, place)) for place in range(number)
    ]


async def unfinished(order: Order, told: Switches, *, step: int) -> bytes:
    """The only picture of an order, on its way."""
    return await asyncio.to_thread(painted, sketch_of(order, told, 0), ranges=step)


def sketch_of(order: Order, told: Switches, place: int) -> Sketch:
    return Sketch(
        prompt=switches.without_switches(order.prompt),
        number=order.first + place,
        size=order.size,
        background=order.background,
        format=order.format,
        fault=told.picture,
        style=order.style,
        seed=order.seed,
        given=tuple(upload.data for upload in order.given),
        mask=order.mask,
    )
