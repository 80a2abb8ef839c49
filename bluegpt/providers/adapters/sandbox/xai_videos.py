"""xAI's films: a request is begun, and asked for until it is done; the film lies elsewhere."""

import binascii
from base64 import b64decode
from io import BytesIO
from typing import Any

import orjson
from aiohttp import web
from PIL import Image, UnidentifiedImageError

from bluegpt.providers.adapters.sandbox import openai_errors
from bluegpt.providers.adapters.sandbox.fields import Fields
from bluegpt.providers.adapters.sandbox.film_jobs import FilmJob, FilmOrder
from bluegpt.providers.adapters.sandbox.models import REEL

ASPECTS = ("16:9", "9:16")
_SIZES = {"360p": (640, 360), "480p": (848, 480), "720p": (1_280, 720)}
_STATES = {"queued": "pending", "running": "pending", "done": "done"}
_TICKS = 500_000_000  # of a second: five cents
_FIELDS = ("model", "prompt", "duration", "aspect_ratio", "resolution", "image", "user", "size")


async def read(request: web.Request) -> FilmOrder:
    """The request in a body. Raises a refusal."""
    try:
        body: Any = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise openai_errors.ERRORS["json"].refusal() from None
    fields = Fields(body, openai_errors.VOICE)
    fields.only(_FIELDS)
    model, prompt = fields.text("model"), fields.text("prompt")
    if model != REEL:
        raise openai_errors.ERRORS["model"].refusal(model=model, param="model")
    if not prompt.strip():
        raise fields.refuse("prompt", "expected some words")
    seconds = fields.integer("duration", least=1, default=8)
    if seconds > 15:
        raise fields.refuse("duration", "expected 1 to 15")
    long, short = _SIZES[fields.choice("resolution", _SIZES, "480p")]
    is_wide = fields.choice("aspect_ratio", ASPECTS, ASPECTS[0]) == ASPECTS[0]
    return FilmOrder(
        model=model,
        prompt=prompt,
        seconds=seconds,
        size=f"{long}x{short}" if is_wide else f"{short}x{long}",
        has_sound=True,
        picture=_picture(fields),
    )


def resource(job: FilmJob, request: web.Request) -> dict[str, Any]:
    """What is told of a request."""
    body: dict[str, Any] = {"status": _STATES.get(job.state, "failed"), "model": job.order.model}
    match job.state:
        case "done":
            url = f"{request.scheme}://{request.host}/sandbox/films/{job.id}"
            film = {"url": url, "duration": job.order.seconds, "respect_moderation": True}
            return body | {"video": film, "usage": _usage(job)}
        case "rejected":
            film = {"url": "", "duration": 0, "respect_moderation": False}
            return body | {"status": "done", "video": film, "usage": _usage(job)}
        case "failed":
            return body | {"error": {"code": "internal_error", "message": "It failed."}}
        case _:
            return body | {"progress": job.percent}


def _usage(job: FilmJob) -> dict[str, int]:
    return {"cost_in_usd_ticks": job.order.seconds * _TICKS}


def _picture(fields: Fields) -> bytes:
    given = fields.inner("image")
    if given is None:
        return b""
    head, comma, data = given.text("url").partition(";base64,")
    if not comma or not head.startswith("data:image/"):
        raise given.refuse("url", "the sandbox takes a picture inside the address only")
    try:
        picture = b64decode(data, validate=True)
        with Image.open(BytesIO(picture)) as opened:
            opened.verify()
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise given.refuse("url", "not a picture") from None
    return picture
