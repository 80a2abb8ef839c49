"""xAI's pictures: OpenAI's addresses below `/xai`, shapes for sizes, given pictures in the JSON."""

import asyncio
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox import forms, openai_errors
from bluegpt.providers.adapters.sandbox.fields import Fields
from bluegpt.providers.adapters.sandbox.forms import Upload
from bluegpt.providers.adapters.sandbox.gemini_images import SHAPES
from bluegpt.providers.adapters.sandbox.picture_orders import Order, check, files
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording
from bluegpt.providers.adapters.sandbox.switches import Switches

WIRE = "xai_images"
GIVEN_MAX = 5
NUMBER_MAX = 10
# What one picture costs, in the unit of its replies: so many to a US dollar.
TICKS_PER_PICTURE, TICKS_PER_USD = 200_000_000, 10_000_000_000
ERRORS = openai_errors.ERRORS | {
    "unsafe": Wording(
        status=400,
        kind="invalid-argument",
        message="Generated image rejected by content moderation.",
    )
}
_FIELDS = frozenset(
    {
        *("model", "prompt", "n", "response_format", "user", "quality", "aspect_ratio"),
        *("resolution", "image", "images", "mask"),
    }
)


def read(body: Any, *, is_edit: bool) -> Order:
    """The request in a JSON body. Raises a refusal."""
    fields = Fields(body, openai_errors.VOICE)
    fields.only(_FIELDS)
    model, prompt = check(fields, ERRORS["model"])
    number = fields.integer("n", least=1, default=1)
    if number > NUMBER_MAX:
        raise fields.refuse("n", f"expected a value of at most {NUMBER_MAX}")
    if fields.choice("response_format", ("url", "b64_json"), "url") == "url":
        raise fields.refuse("response_format", "the sandbox keeps no picture at an address")
    given = _given(fields)
    if is_edit != bool(given):
        raise fields.missing("image") if is_edit else fields.refuse("image", "is for edits")
    shape = fields.choice("aspect_ratio", (*SHAPES, "auto"), "auto")
    width, height = SHAPES["1:1" if shape == "auto" else shape]
    times = 2 if fields.choice("resolution", ("1k", "2k"), "1k") == "2k" else 1
    return Order(
        model=model,
        prompt=prompt,
        number=number,
        size=f"{width * times}x{height * times}",
        format="jpeg",
        user_id=fields.text("user", ""),
        given=given,
    )


def _given(fields: Fields) -> tuple[Upload, ...]:
    one = fields.inner("image")
    sent = [one] if one is not None else fields.each("images") if fields.has("images") else []
    if len(sent) > GIVEN_MAX:
        raise fields.refuse("images", f"expected at most {GIVEN_MAX} pictures")
    return tuple(map(_upload, sent))


def _upload(given: Fields) -> Upload:
    head, _comma, data = given.text("url").partition("base64,")
    if not head.startswith("data:image/"):
        raise given.refuse("url", "the sandbox follows no address: send a data URL")
    try:
        return forms.picture(b64decode(data, validate=True))
    except (NotBase64, ValueError):
        raise given.refuse("url", "not a picture") from None


async def reply(order: Order, told: Switches) -> bytes:
    """The body with all pictures; those that are kept back stand in it without their data."""
    await asyncio.sleep(told.first_ms / 1_000)
    made: list[dict[str, Any]]
    if told.refuse:
        made = [{"b64_json": None, "url": "", "respect_moderation": False}] * order.number
    else:
        made = [
            {"b64_json": b64encode(file).decode(), "mime_type": "image/jpeg"}
            for file in await files(order, told)
        ]
    body: dict[str, Any] = {"data": made, "block_reason": None}
    if told.usage != "missing":
        body["usage"] = {"cost_in_usd_ticks": TICKS_PER_PICTURE * order.number}
    return orjson.dumps(body)


def error_body(refusal: Refusal) -> bytes:
    """How xAI says no: a code and a sentence, both words."""
    wording = refusal.wording
    return orjson.dumps({"code": wording.code or wording.kind, "error": refusal.message})
