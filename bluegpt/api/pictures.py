"""`POST /v1/images/generations` and `/v1/images/edits`: pictures, all at once."""

import asyncio
from base64 import b64encode
from contextlib import suppress

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from bluegpt.api import answers, picture_parameters, picture_streams, repeats
from bluegpt.api.doors import door
from bluegpt.api.errors import AnswerInterrupted
from bluegpt.api.keys import Caller
from bluegpt.api.picture_parameters import Wanted
from bluegpt.api.shapes import picture_usage
from bluegpt.core.errors import BlueError
from bluegpt.core.money import credits_text
from bluegpt.studio.errors import UnknownAnswer
from bluegpt.studio.flows import live, pictures
from bluegpt.studio.types.calls import Asked, CallView
from bluegpt.studio.types.prompts import PicturePrompt, Pictures


@door("POST")
async def images_generations(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Have pictures made. Hanging up ends the work, unless a key lets somebody ask for it again."""
    wanted = picture_parameters.read(request.read())
    return await _made(request, caller, wanted)


@door("POST")
async def images_edits(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """The same, worked from pictures that come in a form; they are read and forgotten."""
    wanted = picture_parameters.read_edit(request)
    return await _made(request, caller, wanted)


async def _made(request: HttpRequest, caller: Caller, wanted: Wanted) -> HttpResponseBase:
    prompt = _prompt(wanted, caller, request.headers.get(repeats.HEADER))
    beginning = asyncio.create_task(pictures.draw(prompt))
    try:
        asked = await asyncio.shield(beginning)
        if wanted.is_streamed:
            return await picture_streams.streamed(prompt, asked)
        made, call = await pictures.finished(prompt, asked)
    except asyncio.CancelledError:
        with suppress(BlueError):
            await _hang_up(prompt, await beginning)
        raise
    except UnknownAnswer:
        raise AnswerInterrupted from None
    if made is None:
        return answers.refused(asked, call)
    response = HttpResponse(_body(made, asked, call), content_type="application/json")
    response["Cache-Control"] = "no-store"
    response["X-Bluegpt-Credits-Charged"] = credits_text(call.charged_microcredits)
    return answers.named(asked, response)


async def _hang_up(prompt: PicturePrompt, asked: Asked) -> None:
    if prompt.request_key is None:
        await live.stop(person_id=prompt.person_id, call_id=asked.call_id)


def _prompt(wanted: Wanted, caller: Caller, header: str | None) -> PicturePrompt:
    key = repeats.request_key(header, caller)
    return PicturePrompt(
        person_id=caller.person_id,
        key_id=caller.key_id,
        model_key=wanted.model_key,
        text=wanted.prompt,
        number=wanted.number,
        size=wanted.size,
        quality=wanted.quality,
        background=wanted.background,
        format=wanted.format,
        uploads=wanted.uploads,
        mask=wanted.mask,
        partials=wanted.partials,
        request_key=key,
        request_digest=repeats.digest_of(wanted.body_json, caller) if key else "",
    )


def _body(made: Pictures, asked: Asked, call: CallView) -> bytes:
    """OpenAI's shape. What the provider did not say of its choice is left out."""
    chosen = {"background": made.background, "quality": made.quality, "size": made.size}
    return orjson.dumps(
        {
            "created": int(asked.begun_at.timestamp()),
            "data": [{"b64_json": b64encode(file).decode()} for file in made.files],
            "output_format": made.format.value,
            **{name: value for name, value in chosen.items() if value},
            "usage": picture_usage(call, made_count=len(made.files)),
        }
    )
