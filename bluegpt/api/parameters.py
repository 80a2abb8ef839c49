"""What a request for an answer may say, and what becomes of each parameter.

Every parameter of OpenAI's description is in one of three groups: it is honoured, it is heard
only with the values that change nothing, or it has no bearing on the answer. The rest is refused:
a program must never believe that a setting was followed that was not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from bluegpt.api import messages, reading
from bluegpt.api.errors import InvalidParameter
from bluegpt.studio.types.prompts import PromptTurn

HONOURED = frozenset(
    {"model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens"}
)
# By name, the values beside null that ask for what is done anyway.
NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "audio": (),
    "frequency_penalty": (0,),
    "function_call": ("none", "auto"),
    "functions": ([],),
    "logit_bias": ({},),
    "logprobs": (False,),
    "modalities": (["text"],),
    "moderation": (),
    "n": (1,),
    "prediction": (),
    "presence_penalty": (0,),
    "reasoning_effort": (),
    "response_format": ({"type": "text"},),
    "seed": (),
    "service_tier": ("auto", "default"),
    "stop": ([],),
    "store": (False,),
    "temperature": (1,),
    "tool_choice": ("none", "auto"),
    "tools": ([],),
    "top_logprobs": (0,),
    "top_p": (1,),
    "verbosity": ("medium",),
    "web_search_options": (),
}
# They name, group or cache requests at OpenAI. Nothing of them is passed on or kept.
WITHOUT_BEARING = frozenset(
    {
        "metadata",
        "parallel_tool_calls",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "safety_identifier",
        "user",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request for an answer, understood. `body_json` is one spelling of the whole body."""

    model_key: str
    system: str
    turns: tuple[PromptTurn, ...]
    output_tokens_max: int | None
    is_streamed: bool
    wants_usage: bool
    body_json: bytes


def read(body: bytes) -> Wanted:
    """The request in a body. Raises UnreadableRequest, InvalidParameter, UnsupportedParameter."""
    given = reading.body(body)
    reading.known(given, ignored=HONOURED | WITHOUT_BEARING, neutral=NEUTRAL)
    model_key = reading.text(given.get("model"), "model")
    is_streamed = reading.truth(given.get("stream"), "stream")
    wants_usage = _wants_usage(given.get("stream_options"), is_streamed=is_streamed)
    output_tokens_max = _output_tokens_max(given)
    system, turns = messages.read(given.get("messages"))
    return Wanted(
        model_key=model_key,
        system=system,
        turns=turns,
        output_tokens_max=output_tokens_max,
        is_streamed=is_streamed,
        wants_usage=wants_usage,
        body_json=orjson.dumps(given, option=orjson.OPT_SORT_KEYS),
    )


def _wants_usage(options: Any, *, is_streamed: bool) -> bool:
    if options is None:
        return False
    if not is_streamed:
        raise InvalidParameter("stream_options", _("left out unless “stream” is true"))
    given = reading.mapping(options, "stream_options")
    reading.only(given, "include_usage", "include_obfuscation", place="stream_options")
    return reading.truth(given.get("include_usage"), "stream_options.include_usage")


def _output_tokens_max(given: Mapping[str, Any]) -> int | None:
    """The caller's own limit; the older of the two names means the same."""
    limit = reading.count(given.get("max_completion_tokens"), "max_completion_tokens")
    older = reading.count(given.get("max_tokens"), "max_tokens")
    if limit is not None and older is not None and limit != older:
        raise InvalidParameter("max_tokens", _("left out beside “max_completion_tokens”"))
    return limit or older
