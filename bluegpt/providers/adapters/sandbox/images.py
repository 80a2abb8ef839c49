"""OpenAI's images: generations and edits, whole or as a stream, with real pictures in them."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from typing import Any

import orjson
from aiohttp import web

from bluegpt.core import clock
from bluegpt.providers.adapters.sandbox import forms, openai_errors
from bluegpt.providers.adapters.sandbox.delivery import STALL_S_MAX
from bluegpt.providers.adapters.sandbox.dialect import broken, named_event
from bluegpt.providers.adapters.sandbox.fields import Fields, known
from bluegpt.providers.adapters.sandbox.forms import Form, Upload
from bluegpt.providers.adapters.sandbox.picture_orders import (
    TOKENS,
    TOKENS_PER_STEP,
    Order,
    check,
    files,
    told_counts,
    unfinished,
)
from bluegpt.providers.adapters.sandbox.switches import Switches

WIRE = "openai_images"
SIZES = ("1024x1024", "1536x1024", "1024x1536", "512x512")
STYLES = ("vivid", "natural")
GIVEN_MAX = 16
PARTIALS_MAX = 3
SEED_MAX = 2**31 - 1
# OpenAI has no seeds, and styles of one old model only; our painter has both.
_FIELDS = known(WIRE) | {"seed"}
_EDIT_FIELDS = known("openai_image_edits") | {"seed", "style"}
_NUMBERS = ("n", "partial_images", "output_compression", "seed")


def read(body: Any) -> Order:
    """The request in a JSON body. Raises a refusal in OpenAI's words."""
    fields = Fields(body, openai_errors.VOICE)
    fields.only(_FIELDS)
    return _order(fields, given=(), mask=b"")


def read_edit(form: Form) -> Order:
    """The request in a form with pictures. Raises a refusal in OpenAI's words."""
    body: dict[str, Any] = dict(form.words)
    for name in _NUMBERS:
        if name in body and body[name].lstrip("-").isdecimal():
            body[name] = int(body[name])
    if "stream" in body:
        body["stream"] = body["stream"] == "true"
    fields = Fields(body, openai_errors.VOICE)
    fields.only(_EDIT_FIELDS)
    sent = [*form.files.get("image", ()), *form.files.get("image[]", ())]
    if not sent:
        raise fields.missing("image")
    if len(sent) > GIVEN_MAX:
        raise fields.refuse("image", f"expected at most {GIVEN_MAX} pictures")
    given = tuple(_upload(data, fields, "image") for data in sent)
    return _order(fields, given=given, mask=_mask(form, fields, given[0]))


def _upload(data: bytes, fields: Fields, name: str) -> Upload:
    try:
        return forms.picture(data)
    except ValueError as wrong:
        raise fields.refuse(name, str(wrong)) from None


def _mask(form: Form, fields: Fields, first: Upload) -> bytes:
    sent = form.files.get("mask")
    if not sent:
        return b""
    mask = _upload(sent[0], fields, "mask")
    if not mask.data.startswith(b"\x89PNG"):
        raise fields.refuse("mask", "expected a PNG")
    if (mask.width_px, mask.height_px) != (first.width_px, first.height_px):
        raise fields.refuse("mask", "expected the size of the first picture")
    return mask.data


def _order(fields: Fields, *, given: tuple[Upload, ...], mask: bytes) -> Order:
    model, prompt = check(fields, openai_errors.ERRORS["model"])
    number = _at_most(fields, "n", least=1, most=10, default=1)
    size = fields.choice("size", (*SIZES, "auto"), "auto")
    quality = fields.choice("quality", (*TOKENS, "auto"), "auto")
    background = fields.choice("background", ("transparent", "opaque", "auto"), "auto")
    format_ = fields.choice("output_format", ("png", "jpeg", "webp"), "png")
    if background == "transparent" and format_ == "jpeg":
        raise fields.refuse("background", "transparent pictures are png or webp")
    is_stream = fields.flag("stream")
    if is_stream and number > 1:
        raise fields.refuse("n", "a stream carries one picture")
    return Order(
        model=model,
        prompt=prompt,
        number=number,
        size=_shape(given) if size == "auto" else size,
        quality="medium" if quality == "auto" else quality,
        background="opaque" if background == "auto" else background,
        format=format_,
        style=fields.choice("style", STYLES, ""),
        seed=_at_most(fields, "seed", least=0, most=SEED_MAX) if fields.has("seed") else None,
        user_id=fields.text("user", ""),
        given=given,
        mask=mask,
        is_stream=is_stream,
        partials=_at_most(fields, "partial_images", least=0, most=PARTIALS_MAX, default=0)
        if is_stream
        else 0,
    )


def _at_most(
    fields: Fields, name: str, *, least: int, most: int, default: int | None = None
) -> int:
    number = fields.integer(name, least=least, default=default)
    if number > most:
        raise fields.refuse(name, f"expected a value of at most {most}")
    return number


def _shape(given: tuple[Upload, ...]) -> str:
    """The size that fits what was given best; a square when nothing was."""
    if not given or given[0].width_px == given[0].height_px:
        return SIZES[0]
    return SIZES[1] if given[0].width_px > given[0].height_px else SIZES[2]


async def reply(order: Order, told: Switches) -> bytes:
    """The body with all pictures."""
    await asyncio.sleep(told.first_ms / 1_000)
    made = [{"b64_json": b64encode(file).decode()} for file in await files(order, told)]
    body = {"created": _now_s(), "data": made, **_chosen(order)}
    if counted := told_counts(order, told.usage):
        body["usage"] = _usage(counted)
    return orjson.dumps(body)


async def events(order: Order, told: Switches) -> AsyncIterator[bytes]:
    """The picture on its way, as often as it was asked for, and when it is done."""
    kind = "image_edit" if order.given else "image_generation"
    await asyncio.sleep(told.first_ms / 1_000)
    for place in range(order.partials):
        file = await unfinished(order, told, step=place + 1)
        yield named_event(
            {
                "type": f"{kind}.partial_image",
                "b64_json": b64encode(file).decode(),
                "created_at": _now_s(),
                "partial_image_index": place,
                **_chosen(order),
            }
        )
        await asyncio.sleep(told.pace_ms * TOKENS_PER_STEP / 1_000)
    if told.refuse:
        unsafe = openai_errors.error_object(openai_errors.ERRORS["unsafe"].refusal())
        yield named_event({"type": "error", "error": unsafe})
        return
    for file in await files(order, told):
        done = {
            "type": f"{kind}.completed",
            "b64_json": b64encode(file).decode(),
            "created_at": _now_s(),
            **_chosen(order),
        }
        if counted := told_counts(order, told.usage):
            done["usage"] = _usage(counted)
        yield named_event(done)


async def stream(request: web.Request, order: Order, told: Switches) -> web.StreamResponse:
    """The events, or as many of them as come before the end that was asked for."""
    response = web.StreamResponse(headers={"content-type": "text/event-stream; charset=utf-8"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    ends = [after for after in (told.cut_after, told.stall_after) if after is not None]
    sent = 0
    async for event in events(order, told):
        if ends and sent == ends[0]:
            await break_off(request, told)
            return response
        await response.write(broken(event) if told.malformed_after == sent else event)
        sent += 1
    return response


async def send(
    request: web.Request, body: bytes, told: Switches, *, status: int = 200
) -> web.StreamResponse:
    """A whole reply, or the half of it before the silence or the end that was asked for."""
    headers = {"content-type": "application/json"}
    if told.malformed_after is not None:
        body = body[: len(body) // 2]
    if told.cut_after is None and told.stall_after is None:
        return web.Response(body=body, headers=headers, status=status)
    response = web.StreamResponse(headers=headers)
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    await break_off(request, told)
    return response


async def break_off(request: web.Request, told: Switches) -> None:
    """Fall silent, or leave without an end."""
    if told.stall_after is not None:
        await asyncio.sleep(STALL_S_MAX)
    if request.transport is not None:
        request.transport.close()


def _chosen(order: Order) -> dict[str, Any]:
    return {
        "background": order.background,
        "output_format": order.format,
        "quality": order.quality,
        "size": order.size,
    }


def _now_s() -> int:
    return int(clock.now().timestamp())


def _usage(counted: Mapping[str, int]) -> dict[str, Any]:
    words, given = counted["input_tokens"], counted["image_tokens"]
    drawn = counted["output_tokens"]
    return {
        "input_tokens": words + given,
        "input_tokens_details": {"text_tokens": words, "image_tokens": given},
        "output_tokens": drawn,
        "output_tokens_details": {"image_tokens": counted["drawn_tokens"], "text_tokens": 0},
        "total_tokens": words + given + drawn,
    }
