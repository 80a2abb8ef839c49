"""OpenAI's images: what is asked, what it counts, and the reply with real pictures in it."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from bluegpt.core import clock
from bluegpt.providers.adapters.sandbox import openai_errors, switches, tokens
from bluegpt.providers.adapters.sandbox.delivery import STALL_S_MAX
from bluegpt.providers.adapters.sandbox.fields import Fields, known
from bluegpt.providers.adapters.sandbox.models import CONTEXT_TOKENS, PAINTER, SKETCHER
from bluegpt.providers.adapters.sandbox.painting import painted
from bluegpt.providers.adapters.sandbox.switches import BadSwitch, Switches

WIRE = "openai_images"
PROMPT_CHARS_MAX = 32_000
SIZES = ("1024x1024", "1536x1024", "1024x1536", "512x512")
_TOKENS = {
    "low": 250,
    "medium": 1_000,
    "high": 4_000,
}  # for the first of the sizes; the others by their area
_FIELDS = known(WIRE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request for pictures, with everything chosen that was left open."""

    model: str
    prompt: str
    number: int
    size: str
    quality: str
    background: str
    format: str
    user_id: str


def read(body: Any) -> Order:
    """The request in a body. Raises a refusal in OpenAI's words."""
    fields = Fields(body, openai_errors.VOICE)
    fields.only(_FIELDS)
    model, prompt = fields.text("model"), fields.text("prompt")
    if model not in (PAINTER, SKETCHER):
        raise openai_errors.ERRORS["model"].refusal(model=model, param="model")
    if not prompt.strip() or len(prompt) > PROMPT_CHARS_MAX:
        raise fields.refuse("prompt", f"expected 1 to {PROMPT_CHARS_MAX} characters")
    if fields.flag("stream"):
        raise fields.refuse("stream", "the sandbox sends pictures whole")
    number = fields.integer("n", least=1, default=1)
    if number > 10:
        raise fields.refuse("n", "expected a value of at most 10")
    size = fields.choice("size", (*SIZES, "auto"), "auto")
    quality = fields.choice("quality", (*_TOKENS, "auto"), "auto")
    background = fields.choice("background", ("transparent", "opaque", "auto"), "auto")
    format_ = fields.choice("output_format", ("png", "jpeg", "webp"), "png")
    if background == "transparent" and format_ == "jpeg":
        raise fields.refuse("background", "transparent pictures are png or webp")
    return Order(
        model=model,
        prompt=prompt,
        number=number,
        size=SIZES[0] if size == "auto" else size,
        quality="medium" if quality == "auto" else quality,
        background="opaque" if background == "auto" else background,
        format=format_,
        user_id=fields.text("user", ""),
    )


def told(order: Order, header: str) -> Switches:
    """The switches of this call; those that mean an error end it here."""
    try:
        told = switches.read(message=order.prompt, header=header)
    except BadSwitch as bad:
        raise openai_errors.ERRORS["switch"].refusal(why=bad) from None
    if told.error:
        raise openai_errors.ERRORS[told.error].refusal(
            found=CONTEXT_TOKENS + 1, most=CONTEXT_TOKENS
        )
    if told.refuse:
        raise openai_errors.ERRORS["unsafe"].refusal()
    return told


def counts(order: Order) -> Mapping[str, int]:
    """What the bill says; nothing where pictures are billed by the piece."""
    if order.model == SKETCHER:
        return {}
    width, height = map(int, order.size.split("x"))
    one = _TOKENS[order.quality] * width * height // 2**20
    drawn = order.number * one
    read = tokens.TURN_TOKENS + tokens.count(order.prompt)
    return {"input_tokens": read, "output_tokens": drawn, "drawn_tokens": drawn}


async def reply(order: Order, told: Switches) -> bytes:
    """The body with all pictures."""
    await asyncio.sleep(told.first_ms / 1_000)
    number = order.number - (told.picture == "fewer")
    files = [
        await asyncio.to_thread(
            painted,
            switches.without_switches(order.prompt),
            number=place,
            size=order.size,
            background=order.background,
            format=order.format,
            fault=told.picture,
        )
        for place in range(number)
    ]
    body: dict[str, Any] = {
        "created": int(clock.now().timestamp()),
        "data": [{"b64_json": b64encode(file).decode()} for file in files],
        "background": order.background,
        "output_format": order.format,
        "quality": order.quality,
        "size": order.size,
    }
    if counts(order) and told.usage != "missing":
        body["usage"] = _usage(counts(order), told.usage)
    return orjson.dumps(body)


async def send(request: web.Request, body: bytes, told: Switches) -> web.StreamResponse:
    """The reply, or the half of it before the silence or the end that was asked for."""
    headers = {"content-type": "application/json"}
    if told.malformed_after is not None:
        body = body[: len(body) // 2]
    if told.cut_after is None and told.stall_after is None:
        return web.Response(body=body, headers=headers)
    response = web.StreamResponse(headers=headers)
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if told.stall_after is not None:
        await asyncio.sleep(STALL_S_MAX)
    if request.transport is not None:
        request.transport.close()
    return response


def _usage(counted: Mapping[str, int], fault: str) -> dict[str, Any]:
    read, drawn = counted["input_tokens"], counted["drawn_tokens"]
    match fault:
        case "zero":
            read, drawn = 0, 0
        case "negative":
            drawn = -drawn
        case "absurd":
            read, drawn = read * 10**9, drawn * 10**9
    parts = drawn * 2 if fault == "contradictory" else drawn
    return {
        "input_tokens": read,
        "input_tokens_details": {"text_tokens": read, "image_tokens": 0},
        "output_tokens": drawn,
        "output_tokens_details": {"image_tokens": parts, "text_tokens": 0},
        "total_tokens": read + drawn,
    }
