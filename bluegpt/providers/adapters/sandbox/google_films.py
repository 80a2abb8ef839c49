"""What Google's two ways to a film share: jobs, sizes, switches and refusals in its words."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import orjson
from aiohttp import web
from PIL import Image, UnidentifiedImageError

from bluegpt.providers.adapters.sandbox import google_errors, switches
from bluegpt.providers.adapters.sandbox.fields import Fields
from bluegpt.providers.adapters.sandbox.film_jobs import FilmJob, FilmJobs, FilmOrder
from bluegpt.providers.adapters.sandbox.models import CONTEXT_TOKENS
from bluegpt.providers.adapters.sandbox.switches import BadSwitch, Switches

_LINES = {"360p": 360, "720p": 720, "1080p": 1_080}


def size_of(aspect: str, resolution: str) -> str:
    """The size in pixels: sixteen to nine, or nine to sixteen."""
    short = _LINES[resolution]
    long = short * 16 // 9
    return f"{long}x{short}" if aspect == "16:9" else f"{short}x{long}"


def shape_of(size: str) -> tuple[str, str]:
    """The aspect ratio and the resolution of a size in pixels."""
    width, height = map(int, size.split("x"))
    return "16:9" if width > height else "9:16", f"{min(width, height)}p"


async def body(request: web.Request) -> Any:
    """The JSON of a request. Raises a refusal."""
    try:
        return orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise google_errors.ERRORS["json"].refusal() from None


def known(jobs: FilmJobs, job_id: str) -> FilmJob:
    """The job of that name. Raises a refusal."""
    job = jobs.find(job_id)
    if job is None:
        raise google_errors.ERRORS["404"].refusal()
    return job


def whole(jobs: FilmJobs, job_id: str) -> FilmJob:
    """A job whose film is there. Raises a refusal."""
    job = known(jobs, job_id)
    if job.state != "done" or not job.is_kept:
        raise google_errors.ERRORS["404"].refusal()
    return job


def told_of(order: FilmOrder, header: str) -> Switches:
    """The switches of this job; those that mean an error end it here."""
    try:
        told = switches.read(message=order.prompt, header=header)
    except BadSwitch as bad:
        raise google_errors.ERRORS["switch"].refusal(why=bad) from None
    if told.error:
        raise google_errors.ERRORS[told.error].refusal(
            found=CONTEXT_TOKENS + 1, most=CONTEXT_TOKENS
        )
    if told.refuse:
        raise google_errors.ERRORS["unsafe"].refusal()
    return told


def check_picture(fields: Fields, given: bytes) -> None:
    """Refuse what is no picture."""
    try:
        with Image.open(BytesIO(given)) as picture:
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise fields.refuse("data", "not a picture") from None


def camel(name: str) -> str:
    """A name as the fields know it."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def written(moment_s: int) -> str:
    """Seconds since 1970 as Google writes them."""
    return datetime.fromtimestamp(moment_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def json(told: Any) -> web.Response:
    return web.Response(body=orjson.dumps(told), content_type="application/json")
