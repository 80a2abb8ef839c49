"""The catalogue: seeded, refreshed, and honest about what can be used."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from time_machine import travel

from bluegpt.providers.adapters import found
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.errors import ModelUnavailable, UnknownModel, UnreadableCatalogue
from bluegpt.providers.models import CatalogueEntry
from bluegpt.providers.queries import catalogue
from bluegpt.providers.rules.facts import offer_from
from bluegpt.providers.services.catalogue import load_packaged, refresh
from bluegpt.providers.types.models import FoundModel, Thinking, Unavailability, Wire

pytestmark = [pytest.mark.django_db(transaction=True)]

SANDBOX_URL = "http://127.0.0.1:4321"


def packaged() -> dict[str, Any]:
    file = resources.files("bluegpt.providers") / "data" / "models.json"
    body: dict[str, Any] = json.loads(file.read_bytes())
    return body


def give_keys(settings: Settings, *providers: str) -> None:
    access = settings.BLUEGPT.providers
    given = {name: replace(getattr(access, name), api_key="k") for name in providers}
    settings.BLUEGPT = replace(settings.BLUEGPT, providers=replace(access, **given))


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "base_url", lambda: SANDBOX_URL)


@pytest.mark.both_databases
def test_loading_the_packaged_catalogue_twice_writes_once() -> None:
    first, second = load_packaged(), load_packaged()

    assert (first, second) == (CatalogueEntry.objects.exclude(key__endswith="/*").count(), 0)


def test_every_packaged_entry_is_usable() -> None:
    offers = [offer_from(facts) for facts in packaged()["models"]]

    assert len({offer.model.key for offer in offers}) == len(offers)
    without_price = [offer.model.provider for offer in offers if not offer.model.rates]
    assert set(without_price) == {"xai"}
    assert {offer.model.provider for offer in offers} == {
        "openai",
        "anthropic",
        "google",
        "mistral",
        "vertex",
        "xai",
        "sandbox",
        "local",
        "compatible",
    }


def test_only_what_runs_on_this_machine_costs_nothing() -> None:
    free = {
        facts["key"]
        for facts in packaged()["models"]
        for _sku, rates in offer_from(facts).model.skus
        if any(rate.nanousd_per_million == 0 for rate in rates)
    }

    assert free == {"local/*"}


def test_the_featured_are_in_the_catalogue() -> None:
    keys = [facts["key"] for facts in packaged()["models"]]
    featured = packaged()["taste"]["featured"]

    assert keys[: len(featured)] == featured


def test_without_a_key_a_model_is_listed_with_the_reason() -> None:
    load_packaged()

    model = catalogue.model("openai/gpt-5.5")

    assert model.unavailability is Unavailability.NO_KEY
    with pytest.raises(ModelUnavailable):
        catalogue.route("openai/gpt-5.5")


def test_with_a_key_a_model_has_a_route(settings: Settings) -> None:
    load_packaged()
    give_keys(settings, "anthropic")

    route = catalogue.route("anthropic/claude-opus-4-7")

    assert catalogue.model("anthropic/claude-opus-4-7").is_available
    assert (route.wire, route.base_url) == (Wire.ANTHROPIC_MESSAGES, "https://api.anthropic.com")
    assert (route.api_key, route.thinking) == ("k", Thinking.ADAPTIVE)
    assert "'k'" not in repr(route)


def test_what_can_be_used_comes_first(settings: Settings) -> None:
    load_packaged()
    give_keys(settings, "mistral")

    models = catalogue.models()

    usable = [model.is_available for model in models]
    assert usable == sorted(usable, reverse=True)
    assert {model.provider for model in models if model.is_available} == {"mistral"}
    assert models[0].key == "mistral/mistral-large-4"


def test_a_retired_model_says_so(settings: Settings) -> None:
    load_packaged()
    give_keys(settings, "openai")

    with travel(datetime(2026, 12, 11, tzinfo=UTC), tick=False):
        assert catalogue.model("openai/gpt-5").unavailability is Unavailability.RETIRED
    with travel(datetime(2026, 12, 10, 23, 59, tzinfo=UTC), tick=False):
        assert catalogue.model("openai/gpt-5").is_available


def test_an_unknown_model_is_missing() -> None:
    load_packaged()

    for key in ("openai/gpt-0", "local/*", ""):
        with pytest.raises(UnknownModel):
            catalogue.model(key)


def test_the_sandbox_answers_on_three_wires(sandbox: None) -> None:
    load_packaged()

    routes = {key: catalogue.route(f"sandbox/{key}") for key in ("writer", "thinker", "scholar")}

    assert [(route.wire, route.base_url) for route in routes.values()] == [
        (Wire.OPENAI_CHAT, f"{SANDBOX_URL}/v1"),
        (Wire.OPENAI_RESPONSES, f"{SANDBOX_URL}/v1"),
        (Wire.ANTHROPIC_MESSAGES, SANDBOX_URL),
    ]
    assert catalogue.models()[0].provider == "sandbox"


def test_the_sandbox_is_not_answering_until_it_runs() -> None:
    load_packaged()

    assert catalogue.model("sandbox/writer").unavailability is Unavailability.NOT_ANSWERING


def test_where_there_is_no_sandbox_none_is_listed(settings: Settings) -> None:
    load_packaged()
    access = replace(settings.BLUEGPT.providers, has_sandbox=False)
    settings.BLUEGPT = replace(settings.BLUEGPT, providers=access)

    assert all(model.provider != "sandbox" for model in catalogue.models())


def test_a_found_model_joins_with_the_price_of_its_kind() -> None:
    load_packaged()
    found.remember(
        (
            FoundModel(
                provider="local",
                server="LM Studio",
                base_url="http://127.0.0.1:1234/v1",
                name="qwen/tiny",
                context_tokens=32_768,
                reads_images=True,
            ),
            FoundModel(
                provider="compatible",
                server="",
                base_url="https://gateway.example/v1",
                name="big",
                context_tokens=0,
                reads_images=False,
            ),
        )
    )

    nearby = catalogue.model("local/lm-studio/qwen/tiny")
    listed = catalogue.model("compatible/big")

    assert (nearby.sku, nearby.is_available, nearby.context_tokens) == ("local", True, 32_768)
    assert {rate.nanousd_per_million for rate in nearby.rates} == {0}
    assert nearby.display_name == "qwen/tiny (LM Studio)"
    assert (listed.sku, listed.context_tokens) == ("compatible/big", 8_192)
    assert all(rate.nanousd_per_million > 0 for rate in listed.rates)
    assert catalogue.route("compatible/big").is_portable


@pytest.mark.both_databases
def test_a_price_map_replaces_the_catalogue_and_keeps_the_sandbox() -> None:
    load_packaged()
    price_map = {
        "gpt-9": {
            "litellm_provider": "openai",
            "mode": "chat",
            "max_input_tokens": 1_000,
            "max_output_tokens": 100,
            "input_cost_per_token": 1e-06,
            "output_cost_per_token": 2e-06,
        }
    }

    count = refresh(price_map)

    keys = {model.key for model in catalogue.models()}
    drawing = {model.key for model in catalogue.drawing_models()}
    filming = {model.key for model in catalogue.film_models()}
    assert keys - drawing - filming == {
        "openai/gpt-9",
        "sandbox/writer",
        "sandbox/thinker",
        "sandbox/scholar",
    }
    assert {"sandbox/painter", "sandbox/sketcher", "openai/gpt-image-2"} <= drawing
    assert "sandbox/projector" in filming
    assert count == len(keys)
    assert catalogue.model("openai/gpt-9").rates[0].nanousd_per_million == 1_000_000_000


def test_our_own_format_is_taken_as_it_is() -> None:
    own = packaged()
    own["models"] = [facts | {"name": "Renamed"} for facts in own["models"]]

    refresh(own)

    assert catalogue.model("openai/gpt-5.5").display_name == "Renamed"


def test_a_refreshed_catalogue_survives_a_restart_but_not_a_later_package() -> None:
    own = packaged()
    own["models"] = [facts | {"name": "Renamed"} for facts in own["models"]]
    refresh(own)
    load_packaged()

    assert catalogue.model("openai/gpt-5.5").display_name == "Renamed"

    refresh(own | {"as_of": "2026-01-01"})
    load_packaged()

    assert catalogue.model("openai/gpt-5.5").display_name == "GPT-5.5"


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"format": "bluegpt-models-1", "as_of": "2026-11-22", "models": []},
        {"format": "bluegpt-models-1", "as_of": "yesterday", "models": [{}]},
        {"format": "bluegpt-models-1", "as_of": "2026-11-22", "models": [{"key": "a"}]},
        {"format": "bluegpt-models-1", "as_of": "2026-11-22", "models": ["a"]},
        {"format": "bluegpt-models-1", "as_of": "2026-11-22"},
    ],
)
def test_a_file_that_is_no_catalogue_changes_nothing(bad: dict[str, Any]) -> None:
    load_packaged()
    before = CatalogueEntry.objects.count()

    with pytest.raises(UnreadableCatalogue):
        refresh(bad)

    assert CatalogueEntry.objects.count() == before


def test_entries_are_read_once_in_a_while(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    load_packaged()

    with django_assert_num_queries(1):
        catalogue.models()
        catalogue.model("openai/gpt-5.5")

    assert catalogue.is_remembered()


def named_to_draw(settings: Settings, *names: str, base_url: str = "http://gateway/v1") -> None:
    """Let the operator say which models of the compatible endpoint draw."""
    providers = settings.BLUEGPT.providers
    settings.BLUEGPT = replace(
        settings.BLUEGPT,
        providers=replace(
            providers,
            compatible=replace(providers.compatible, base_url=base_url),
            compatible_image_models=names,
        ),
    )


def test_a_model_that_is_named_to_draw_draws_for_a_flat_price_listed_or_not(
    settings: Settings,
) -> None:
    load_packaged()
    named_to_draw(settings, "flux", "sdxl")
    listed = FoundModel(
        provider="compatible",
        server="",
        base_url="http://gateway/v1",
        name="flux",
        context_tokens=0,
        reads_images=False,
    )
    found.remember((listed, replace(listed, name="llama")))

    flux, sdxl, llama = (catalogue.model(f"compatible/{n}") for n in ("flux", "sdxl", "llama"))

    assert (flux.draws, sdxl.draws, llama.draws) == (True, True, False)
    assert [rate.meter for rate in flux.rates] == ["image"]
    route = catalogue.route("compatible/sdxl")
    assert (route.wire, route.base_url, route.is_portable) == (
        Wire.OPENAI_IMAGES,
        "http://gateway/v1",
        True,
    )


def test_without_an_endpoint_nothing_is_named_to_draw(settings: Settings) -> None:
    load_packaged()
    named_to_draw(settings, "flux", base_url="")

    with pytest.raises(UnknownModel):
        catalogue.model("compatible/flux")


def test_a_model_that_nobody_has_a_price_for_says_so_and_is_not_reached(
    settings: Settings,
) -> None:
    load_packaged()
    give_keys(settings, "xai")

    model = catalogue.model("xai/grok-imagine-image")

    assert model.unavailability is Unavailability.NO_PRICE
    with pytest.raises(ModelUnavailable):
        catalogue.route(model.key)


def test_what_a_model_that_draws_can_be_told_is_in_the_catalogue() -> None:
    load_packaged()

    painter, pro = (
        catalogue.model(key).drawing for key in ("sandbox/painter", "google/gemini-3-pro-image")
    )

    assert (painter.references_max, painter.has_masks, painter.partials_max) == (8, True, 3)
    assert (painter.has_seeds, painter.styles) == (True, ("vivid", "natural"))
    assert (pro.formats, pro.has_exact_sizes, pro.number_max) == ((), False, 4)


@pytest.mark.parametrize(
    "drawing",
    [
        {"colours": 3},
        {"number_max": 0},
        {"number_max": True},
        {"formats": ["gif"]},
        {"has_masks": 1},
        {"references_max": -1},
        [],
    ],
)
def test_skills_that_cannot_be_are_refused(drawing: Any) -> None:
    facts = next(each for each in packaged()["models"] if each["key"] == "sandbox/painter")

    with pytest.raises(ValueError):  # noqa: PT011  each has words of its own
        offer_from(facts | {"drawing": drawing})
