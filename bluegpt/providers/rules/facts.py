"""The catalogue's own format: one model's facts as JSON, and back.

    {"key": "openai/gpt-5.5", "provider": "openai", "wire": "openai_responses",
     "wire_name": "gpt-5.5", "name": "GPT-5.5", "context_tokens": 1050000,
     "output_tokens_max": 128000, "reads": ["images", "pdfs"], "thinking": "plain",
     "retires_on": "2027-04-01",
     "rates": {"input": {"0": 5000000000, "272001": 10000000000}, "output": {…}}}

A model that draws says `canvases` instead of what it reads: by size and quality the most tokens
of one picture, as in {"1024x1024": {"low": 272, "medium": 1056, "high": 4160}}. Beside them stands
`drawing`, what else it can be told, by the names of DrawingSkills; what is left out is the default.

A model that films says `filming`: the sizes with the rates of each, the seconds, whether its films
can be heard, and what else it can be told.

    {"canvases": {"1280x720": {"rates": {"video_second": {"0": …}}}}, "seconds": [4, 8, 12],
     "sound": "always", "starts_from_picture": true, "remixes": true, "extends": true}

Where tokens are billed, a canvas also says `tokens_per_second_max`. Its SKU is the model's key, a
sharp and the size.

Rates are nano-US-dollars for 1,000,000 tokens (or pictures, seconds, tool calls, searches: see
METERS), from so many tokens of context on. A zero is believed here, since somebody wrote it
down; without a rate for input and output (for its pictures or films, where it makes these) at 0, or
with one that is negative or no whole number, a model has no price and cannot be used.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bluegpt.providers.types.models import (
    Canvas,
    DrawingSkills,
    FilmCanvas,
    FilmingSkills,
    Model,
    Offer,
    ProviderRate,
    Sound,
    Thinking,
    Unavailability,
    Wire,
)
from bluegpt.providers.types.pictures import PictureFormat

FORMAT = "bluegpt-models-1"

METERS = (
    *("input", "cached_input", "cache_write", "cache_write_long", "image_input", "audio_input"),
    *("output", "reasoning", "image_output", "audio_output", "video_output"),
    *("image", "video_second", "tool_call", "search"),
)
# The meters without which there is no price: of a model that writes, draws, films.
_WRITTEN = (frozenset({"input", "output"}),)
_DRAWN = (frozenset({"input", "image_output"}), frozenset({"image"}))
_FILMED = (frozenset({"video_second"}), frozenset({"input", "video_output"}))
_SIZE = re.compile(r"[1-9]\d{1,3}x[1-9]\d{1,3}", re.ASCII)
# The key in the privacy manifest; what is found on this machine and the sandbox are their own.
RECIPIENTS = frozenset(
    {"openai", "anthropic", "google", "mistral", "vertex", "xai", "compatible", "local", "sandbox"}
)


def offer_from(facts: Mapping[str, Any]) -> Offer:
    """A model from its facts. Raises ValueError, KeyError or TypeError when they are not usable."""
    provider, wire_name = _text(facts["provider"]), _text(facts["wire_name"])
    if provider not in RECIPIENTS:
        raise ValueError(f"unknown provider {provider!r}")
    key = _text(facts["key"])
    canvases = _canvases(facts.get("canvases", {}))
    filming = _filming(facts.get("filming"), key=key)
    if filming is None:
        sku = _text(facts.get("sku", key))
        rates = rates_from(facts.get("rates"), enough=_DRAWN if canvases else _WRITTEN)
    else:
        sku, rates = filming.canvases[0].sku, filming.canvases[0].rates
    has_price = bool(rates) and (filming is None or all(each.rates for each in filming.canvases))
    retires_on = _text(facts.get("retires_on", ""), may_be_empty=True)
    if retires_on:
        date.fromisoformat(retires_on)
    thinking = Thinking(facts.get("thinking", ""))
    reads = facts.get("reads", [])
    return Offer(
        model=Model(
            key=key,
            provider=provider,
            wire_name=wire_name,
            display_name=_text(facts["name"]),
            recipient=provider,
            sku=sku,
            context_tokens=_positive(facts["context_tokens"]),
            output_tokens_max=_positive(facts["output_tokens_max"]),
            reads_images="images" in reads,
            reads_pdfs="pdfs" in reads,
            reasons=thinking is not Thinking.NONE,
            retires_on=retires_on,
            unavailability=Unavailability.NONE if has_price else Unavailability.NO_PRICE,
            rates=rates if has_price else (),
            canvases=canvases,
            filming=filming,
            drawing=_skills(facts.get("drawing", {})),
        ),
        wire=Wire(facts["wire"]),
        thinking=thinking,
    )


def rates_from(
    table: object, *, enough: tuple[frozenset[str], ...] = _WRITTEN
) -> tuple[ProviderRate, ...]:
    """Rates from their table; none at all when any of them cannot be used, or `enough` are not."""
    if not isinstance(table, Mapping):
        return ()
    rates = []
    for meter, tiers in table.items():
        if meter not in METERS or not isinstance(tiers, Mapping):
            return ()
        for tier, rate in tiers.items():
            if not str(tier).isdecimal() or type(rate) is not int or rate < 0:
                return ()
            rates.append(
                ProviderRate(meter=meter, from_context_tokens=int(tier), nanousd_per_million=rate)
            )
    known = {rate.meter for rate in rates if rate.from_context_tokens == 0}
    return tuple(rates) if any(needed <= known for needed in enough) else ()


def _canvases(table: object) -> tuple[Canvas, ...]:
    if not isinstance(table, Mapping):
        raise ValueError("not a table of sizes")
    return tuple(
        Canvas(size=_size(size), tokens_max=tuple((_text(q), _count(n)) for q, n in by.items()))
        for size, by in table.items()
    )


def _filming(table: object, *, key: str) -> FilmingSkills | None:
    if table is None:
        return None
    if not isinstance(table, Mapping):
        raise ValueError("not what a model that films can be told")
    canvases = tuple(_film_canvas(size, by, key=key) for size, by in table["canvases"].items())
    seconds = tuple(_positive(each) for each in table["seconds"])
    if not canvases or not seconds or list(seconds) != sorted(set(seconds)):
        raise ValueError("no sizes, or no lengths in ascending order")
    return FilmingSkills(
        canvases=canvases,
        seconds=seconds,
        sound=Sound(table["sound"]),
        starts_from_picture=table.get("starts_from_picture") is True,
        remixes=table.get("remixes") is True,
        extends=table.get("extends") is True,
    )


def _film_canvas(size: str, by: Mapping[str, Any], *, key: str) -> FilmCanvas:
    rates = rates_from(by.get("rates"), enough=_FILMED)
    tokens = _count(by.get("tokens_per_second_max", 0))
    if any(rate.meter == "video_output" for rate in rates) and not tokens:
        raise ValueError(f"tokens are billed, and no bound of them is known: {key} {size}")
    return FilmCanvas(
        size=_size(size), sku=f"{key}#{size}", rates=rates, tokens_per_second_max=tokens
    )


def _skills(table: object) -> DrawingSkills:
    """What a model that draws can be told; every name and every kind of value must fit."""
    if not isinstance(table, Mapping):
        raise ValueError("not a table of skills")
    chosen: dict[str, Any] = {}
    for name, value in table.items():
        default = getattr(DrawingSkills(), _text(name), None)
        match default:
            case bool():
                chosen[name] = _flag(value)
            case int():
                chosen[name] = _count(value)
            case tuple():
                chosen[name] = tuple(map(_text, value))
            case _:
                raise ValueError(f"unknown skill {name!r}")
    skills = DrawingSkills(**chosen)
    for format_ in skills.formats:
        PictureFormat(format_)
    if skills.number_max < 1:
        raise ValueError("no pictures at all")
    return skills


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError(f"neither true nor false: {value!r}")
    return value


def _size(value: str) -> str:
    if not _SIZE.fullmatch(value):
        raise ValueError(f"not a size: {value!r}")
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"not a number of tokens: {value!r}")
    return value


def _text(value: object, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or not (value or may_be_empty) or len(value) > 200:
        raise ValueError(f"not a name: {value!r}")
    return value


def _positive(value: object) -> int:
    if type(value) is not int or value <= 0:
        raise ValueError(f"not a number of tokens: {value!r}")
    return value
