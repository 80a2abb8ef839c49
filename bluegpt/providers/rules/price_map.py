"""From LiteLLM's published price map to our facts.

Prices come as US dollars per token; they are parsed as decimals, never as floats. A zero there
means "free for a trial" or "nobody knows", so it is no price.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from bluegpt.providers.rules.names import alias_of, display_name, version_of
from bluegpt.providers.types.models import Thinking, Wire

_PROVIDERS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "google",
    "mistral": "mistral",
}
_WIRES = {
    "openai": Wire.OPENAI_RESPONSES,
    "anthropic": Wire.ANTHROPIC_MESSAGES,
    "google": Wire.GOOGLE_GENERATE,
    "mistral": Wire.MISTRAL_CHAT,
}
# US dollars for one unit → nano-dollars for a million units.
_SCALE = Decimal(10) ** 15

_METERS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "output_cost_per_reasoning_token": "reasoning",
    "cache_read_input_token_cost": "cached_input",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_long",
    "cache_creation_input_token_cost_above_12hr": "cache_write_long",
    "input_cost_per_image_token": "image_input",
    "output_cost_per_image_token": "image_output",
    "input_cost_per_audio_token": "audio_input",
    "output_cost_per_audio_token": "audio_output",
    "output_cost_per_image": "image",
    "output_cost_per_second": "video_second",
    "output_cost_per_video_per_second": "video_second",
}
# A search has three sizes at one provider; the one in the middle is what is asked for unnamed.
_SEARCH_FIELD = "search_context_cost_per_query"
_SEARCH_SIZE = "search_context_size_medium"
_FEES = frozenset(
    {
        *("image_input", "image_output", "audio_input", "audio_output"),
        *("image", "video_second", "search"),
    }
)
_TIER = re.compile(r"(?P<field>.+)_above_(?P<thousands>\d+)k_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """What the price map cannot say: which models to leave out, their names, their order."""

    skip: tuple[re.Pattern[str], ...]
    names: Mapping[str, str]
    featured: tuple[str, ...]


def taste_from(body: Mapping[str, Any]) -> Taste:
    """The `taste` table of our data file."""
    return Taste(
        skip=tuple(re.compile(pattern) for pattern in body["skip"]),
        names=dict(body["names"]),
        featured=tuple(body["featured"]),
    )


def facts_from(price_map: Mapping[str, Any], *, taste: Taste, today: date) -> list[dict[str, Any]]:
    """Facts of every model that can chat, newest and most useful first."""
    names = {_wire_name(key) for key, entry in price_map.items() if _is_chat(entry)}
    facts = {}
    for key, entry in price_map.items():
        if _is_chat(entry) and _is_wanted(_wire_name(key), entry, names, taste, today):
            made = _facts(_wire_name(key), entry, taste)
            if made is not None:
                facts[made["key"]] = made
    return sorted(facts.values(), key=lambda made: _rank(made, taste))


def _is_chat(entry: object) -> bool:
    return (
        isinstance(entry, Mapping)
        and entry.get("litellm_provider") in _PROVIDERS
        and entry.get("mode") in {"chat", "responses"}
    )


def _is_wanted(
    name: str, entry: Mapping[str, Any], names: set[str], taste: Taste, today: date
) -> bool:
    retires_on = entry.get("deprecation_date")
    if retires_on and date.fromisoformat(str(retires_on)) <= today:
        return False
    alias = alias_of(name)
    if alias != name and (alias in names or f"{alias}-latest" in names):
        return False
    if "text" not in entry.get("supported_output_modalities", ["text"]):
        return False
    return not any(pattern.search(name) for pattern in taste.skip)


def _facts(name: str, entry: Mapping[str, Any], taste: Taste) -> dict[str, Any] | None:
    context, output = entry.get("max_input_tokens"), entry.get("max_output_tokens")
    if not isinstance(context, int) or not isinstance(output, int):
        return None
    provider = _PROVIDERS[entry["litellm_provider"]]
    reads = (("images", "supports_vision"), ("pdfs", "supports_pdf_input"))
    return {
        "key": f"{provider}/{name}",
        "provider": provider,
        "wire": _WIRES[provider].value,
        "wire_name": name,
        "name": display_name(name, overrides=taste.names),
        "context_tokens": context,
        "output_tokens_max": output,
        "reads": [kind for kind, flag in reads if entry.get(flag)],
        "thinking": _thinking(provider, entry).value,
        "retires_on": str(entry.get("deprecation_date") or ""),
        "rates": _rates(entry),
    }


def _thinking(provider: str, entry: Mapping[str, Any]) -> Thinking:
    if not entry.get("supports_reasoning"):
        return Thinking.NONE
    if provider != "anthropic":
        return Thinking.PLAIN
    return Thinking.ADAPTIVE if entry.get("supports_adaptive_thinking") else Thinking.BUDGET


def _rates(entry: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Rates by meter and tier; empty when the price is absent, zero or negative.

    A zero for anything but a token is no price either: such a meter is left out, so that its use
    is looked at and not given away.
    """
    rates: dict[str, dict[str, int]] = {}
    for meter, tier, dollars in _prices(entry):
        if not dollars.is_finite() or dollars < 0:
            return {}
        nanousd = int((dollars * _SCALE).to_integral_value(ROUND_CEILING))
        if nanousd == 0 and meter in _FEES:
            continue
        rates.setdefault(meter, {})[str(tier)] = nanousd
    if not rates.get("input", {}).get("0") or not rates.get("output", {}).get("0"):
        return {}
    if rates.get("reasoning") == {"0": rates["output"]["0"]}:
        del rates["reasoning"]  # no price of its own, in any tier
    return rates


def _prices(entry: Mapping[str, Any]) -> Iterator[tuple[str, int, Decimal]]:
    """Meter, first token of context it holds for, and US dollars for one of its units."""
    search = entry.get(_SEARCH_FIELD)
    if isinstance(search, Mapping) and search.get(_SEARCH_SIZE) is not None:
        yield "search", 0, Decimal(str(search[_SEARCH_SIZE]))
    for field, value in entry.items():
        tier = _TIER.fullmatch(field)
        meter = _METERS.get(tier["field"] if tier else field)
        if meter is None or value is None or isinstance(value, bool):
            continue
        # "above 272k" begins with the next token.
        from_tokens = int(tier["thousands"]) * 1_000 + 1 if tier else 0
        yield meter, from_tokens, Decimal(str(value))


def _wire_name(key: str) -> str:
    return key.rpartition("/")[2]


def _rank(facts: Mapping[str, Any], taste: Taste) -> tuple[Any, ...]:
    key: str = facts["key"]
    if key in taste.featured:
        return (0, taste.featured.index(key))
    newest_first = tuple(-number for number in version_of(facts["wire_name"]))
    return (1, list(_WIRES).index(facts["provider"]), newest_first, key)
