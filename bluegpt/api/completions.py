"""`POST /v1/chat/completions`: one answer, whole or as it comes."""

import asyncio
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bluegpt.api import answers, parameters, repeats, streaming
from bluegpt.api.doors import door
from bluegpt.api.keys import Caller
from bluegpt.api.parameters import Wanted
from bluegpt.studio.types.prompts import Prompt


@door("POST")
async def chat_completions(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Ask a model; charged like the same words on the page.

    A repeat by its key can only take up a whole answer, so only that outlives its caller.
    """
    # A body may carry megabytes of pictures: they are taken apart beside the loop.
    wanted = await asyncio.to_thread(parameters.read, request.read())
    prompt = _prompt(
        wanted, caller, repeats.request_key(request.headers.get(repeats.HEADER), caller)
    )
    outlives_caller = prompt.request_key is not None and not wanted.is_streamed
    answer = await answers.begin(prompt, outlives_caller=outlives_caller)
    if wanted.is_streamed:
        return await streaming.streamed(answer, wants_usage=wanted.wants_usage)
    return await answers.whole(answer)


def _prompt(wanted: Wanted, caller: Caller, request_key: UUID | None) -> Prompt:
    return Prompt(
        person_id=caller.person_id,
        key_id=caller.key_id,
        model_key=wanted.model_key,
        system=wanted.system,
        turns=wanted.turns,
        output_tokens_max=wanted.output_tokens_max,
        request_key=request_key,
        request_digest=repeats.digest_of(wanted.body_json, caller) if request_key else "",
    )
