"""From a published price map to facts, exactly."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bluegpt.providers.rules.facts import offer_from, rates_from
from bluegpt.providers.rules.names import display_name, version_of
from bluegpt.providers.rules.price_map import Taste, facts_from, taste_from
from bluegpt.providers.types.models import ProviderRate, Thinking, Unavailability

TODAY = date(2026, 11, 22)
TASTE: Taste = taste_from({"skip": ["audio"], "names": {}, "featured": ["openai/gpt-5.5"]})

ENTRY = {
    "litellm_provider": "openai",
    "mode": "chat",
    "max_input_tokens": 1_050_000,
    "max_output_tokens": 128_000,
    "input_cost_per_token": Decimal("5e-06"),
    "input_cost_per_token_above_272k_tokens": Decimal("1e-05"),
    "input_cost_per_token_above_272k_tokens_batches": Decimal("5e-06"),
    "output_cost_per_token": Decimal("3e-05"),
    "cache_read_input_token_cost": Decimal("5e-07"),
    "cache_creation_input_token_cost": Decimal("6.25e-06"),
    "cache_creation_input_token_cost_above_1hr": Decimal("1e-05"),
    "cache_creation_input_token_cost_above_12hr_above_272k_tokens": Decimal("2e-05"),
    "supports_vision": True,
    "supports_pdf_input": True,
    "supports_reasoning": True,
}


def one(name: str = "gpt-5.5", **changes: Any) -> dict[str, Any]:
    [made] = facts_from({name: ENTRY | changes}, taste=TASTE, today=TODAY)
    return made


def test_a_models_facts_are_taken_over_exactly() -> None:
    assert one() == {
        "key": "openai/gpt-5.5",
        "provider": "openai",
        "wire": "openai_responses",
        "wire_name": "gpt-5.5",
        "name": "GPT-5.5",
        "context_tokens": 1_050_000,
        "output_tokens_max": 128_000,
        "reads": ["images", "pdfs"],
        "thinking": "plain",
        "retires_on": "",
        "rates": {
            "input": {"0": 5_000_000_000, "272001": 10_000_000_000},
            "output": {"0": 30_000_000_000},
            "cached_input": {"0": 500_000_000},
            "cache_write": {"0": 6_250_000_000},
            "cache_write_long": {"0": 10_000_000_000, "272001": 20_000_000_000},
        },
    }


def test_a_price_between_two_nano_dollars_is_rounded_up() -> None:
    rates = one(input_cost_per_token=Decimal("1.0000000000000001e-07"))["rates"]

    assert rates["input"]["0"] == 100_000_001


def test_reasoning_has_a_price_only_where_it_differs() -> None:
    same = one(output_cost_per_reasoning_token=Decimal("3e-05"))
    other = one(output_cost_per_reasoning_token=Decimal("4e-05"))

    assert "reasoning" not in same["rates"]
    assert other["rates"]["reasoning"] == {"0": 40_000_000_000}


@pytest.mark.parametrize("price", [None, Decimal(0), Decimal("-1e-06"), Decimal("NaN")])
def test_without_a_price_a_model_is_unavailable_never_free(price: Decimal | None) -> None:
    offer = offer_from(one(input_cost_per_token=price))

    assert offer.model.unavailability is Unavailability.NO_PRICE
    assert offer.model.rates == ()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("gpt-5.5", {"deprecation_date": "2026-11-22"}),
        ("gpt-5.5", {"mode": "embedding"}),
        ("gpt-5.5", {"litellm_provider": "somebody"}),
        ("gpt-5.5", {"max_input_tokens": None}),
        ("gpt-5.5", {"supported_output_modalities": ["audio"]}),
        ("gpt-audio", {}),
    ],
)
def test_what_cannot_chat_here_is_left_out(name: str, changes: dict[str, Any]) -> None:
    assert facts_from({name: ENTRY | changes}, taste=TASTE, today=TODAY) == []


def test_a_dated_name_gives_way_to_its_alias() -> None:
    names = ("gpt-5.5-2026-04-23", "gpt-5.5", "gpt-9-2027-01-01")

    made = facts_from(dict.fromkeys(names, ENTRY), taste=TASTE, today=TODAY)

    assert [facts["wire_name"] for facts in made] == ["gpt-5.5", "gpt-9-2027-01-01"]


def test_the_featured_come_first_then_the_newest() -> None:
    names = ("gpt-4.1", "gpt-5", "gpt-5.5", "gpt-6-luna", "gpt-5.6", "o3")

    made = facts_from(dict.fromkeys(names, ENTRY), taste=TASTE, today=TODAY)

    order = ["gpt-5.5", "gpt-6-luna", "gpt-5.6", "gpt-5", "gpt-4.1", "o3"]
    assert [facts["wire_name"] for facts in made] == order


@pytest.mark.parametrize(
    ("provider", "changes", "expected"),
    [
        ("anthropic", {"supports_adaptive_thinking": True}, Thinking.ADAPTIVE),
        ("anthropic", {}, Thinking.BUDGET),
        ("gemini", {}, Thinking.PLAIN),
        ("openai", {"supports_reasoning": False}, Thinking.NONE),
    ],
)
def test_thinking_is_asked_for_as_the_model_wants(
    provider: str, changes: dict[str, Any], expected: Thinking
) -> None:
    assert one("some-model", litellm_provider=provider, **changes)["thinking"] == expected


@pytest.mark.parametrize(
    ("wire_name", "name"),
    [
        ("gpt-5.5", "GPT-5.5"),
        ("gpt-5.4-mini", "GPT-5.4 mini"),
        ("gpt-6.1-sol", "GPT-6.1 Sol"),
        ("o3-pro", "o3 pro"),
        ("claude-opus-4-7", "Claude Opus 4.7"),
        ("claude-fable-5", "Claude Fable 5"),
        ("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite"),
        ("gemini-3.1-pro-preview", "Gemini 3.1 Pro (preview)"),
        ("mistral-large-3", "Mistral Large 3"),
        ("ministral-14b-latest", "Ministral 14B"),
        ("odd", "An odd one"),
    ],
)
def test_names_are_for_people(wire_name: str, name: str) -> None:
    assert display_name(wire_name, overrides={"odd": "An odd one"}) == name


def test_a_version_is_read_from_a_name() -> None:
    assert version_of("claude-opus-4-7") > version_of("claude-opus-4-6")
    assert version_of("gpt-5.6") > version_of("gpt-5")
    assert version_of("gemini-3.1-pro-preview") == (3, 1)


@pytest.mark.parametrize(
    "table",
    [
        None,
        {},
        {"input": {"0": 1}},
        {"input": {"0": 1}, "output": {"1000": 1}},
        {"input": {"0": -1}, "output": {"0": 1}},
        {"input": {"0": 1.5}, "output": {"0": 1}},
        {"input": {"0": True}, "output": {"0": 1}},
        {"input": {"x": 1}, "output": {"0": 1}},
        {"input": {"0": 1}, "output": {"0": 1}, "coffee": {"0": 1}},
    ],
)
def test_rates_that_cannot_be_used_are_no_rates(table: object) -> None:
    assert rates_from(table) == ()


def test_a_zero_that_somebody_wrote_down_is_a_price() -> None:
    rates = rates_from(json.loads('{"input": {"0": 0}, "output": {"0": 0}}'))

    assert rates == (
        ProviderRate(meter="input", from_context_tokens=0, nanousd_per_million=0),
        ProviderRate(meter="output", from_context_tokens=0, nanousd_per_million=0),
    )


def test_what_costs_something_else_than_text_has_meters_of_its_own() -> None:
    rates = one(
        input_cost_per_audio_token=Decimal("1.5e-06"),
        output_cost_per_audio_token=Decimal("8e-05"),
        input_cost_per_image_token=Decimal("8e-06"),
        output_cost_per_image_token=Decimal("3.2e-05"),
        search_context_cost_per_query={
            "search_context_size_low": Decimal("0.025"),
            "search_context_size_medium": Decimal("0.0275"),
            "search_context_size_high": Decimal("0.03"),
        },
    )["rates"]

    assert rates["audio_input"] == {"0": 1_500_000_000}
    assert rates["audio_output"] == {"0": 80_000_000_000}
    assert rates["image_input"] == {"0": 8_000_000_000}
    assert rates["image_output"] == {"0": 32_000_000_000}
    assert rates["search"] == {"0": 27_500_000_000_000}  # a million of them


def test_pictures_and_seconds_of_video_are_priced_by_the_piece() -> None:
    rates = one(
        output_cost_per_image=Decimal("0.039"), output_cost_per_video_per_second=Decimal("0.1")
    )["rates"]

    assert rates["image"] == {"0": 39_000_000_000_000}
    assert rates["video_second"] == {"0": 100_000_000_000_000}
    assert {rate.meter for rate in rates_from(rates)} == rates.keys()


def test_a_fee_of_zero_is_no_price() -> None:
    free = {"search_context_size_medium": Decimal(0)}

    rates = one(search_context_cost_per_query=free, input_cost_per_audio_token=Decimal(0))["rates"]

    assert not {"search", "audio_input"} & rates.keys()
