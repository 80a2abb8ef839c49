"""What the catalogue's own format says of models that film."""

from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from bluegpt.core.settings import ProviderAccess
from bluegpt.providers.queries import catalogue
from bluegpt.providers.rules.facts import offer_from
from bluegpt.providers.services.catalogue import refresh
from bluegpt.providers.types.models import Unavailability, Wire
from tests.providers.test_catalogue import packaged

pytestmark = pytest.mark.django_db


def test_a_gateways_film_model_is_there_once_it_is_written_down(settings: Settings) -> None:
    rates = {"rates": {"video_second": {"0": 5}}}
    facts = {
        "key": "compatible/sora-9",
        "provider": "compatible",
        "wire": "openai_videos",
        "wire_name": "sora-9",
        "name": "Sora 9",
        "context_tokens": 1_000,
        "output_tokens_max": 1_000,
        "filming": {"canvases": {"1280x720": rates}, "seconds": [4, 8], "sound": "always"},
    }
    refresh(packaged() | {"models": [*packaged()["models"], facts]})
    assert catalogue.model("compatible/sora-9").unavailability is Unavailability.NOT_ANSWERING
    access = ProviderAccess(api_key="key", base_url="https://gateway.example/v1")
    settings.BLUEGPT = replace(
        settings.BLUEGPT, providers=replace(settings.BLUEGPT.providers, compatible=access)
    )

    model, route = catalogue.model("compatible/sora-9"), catalogue.route("compatible/sora-9")

    assert (model.is_available, model.films, model.converses) == (True, True, False)
    assert model.skus[0][0] == "compatible/sora-9#1280x720"
    assert (route.wire, route.base_url) == (Wire.OPENAI_VIDEOS, "https://gateway.example/v1")


@pytest.mark.parametrize(
    "change",
    [
        {"canvases": {}},
        {"canvases": {"wide": {}}},
        {"canvases": {"1280x720": {"rates": {"input": {"0": 1}, "video_output": {"0": 1}}}}},
        {"seconds": []},
        {"seconds": [8, 4]},
        {"seconds": [0]},
        {"sound": "loud"},
    ],
)
def test_what_a_film_model_cannot_be_is_no_fact(change: dict[str, Any]) -> None:
    facts = next(each for each in packaged()["models"] if each["key"] == "sandbox/projector")

    with pytest.raises(ValueError, match=r".+"):
        offer_from(facts | {"filming": facts["filming"] | change})


def test_a_film_model_with_a_size_without_a_price_has_none() -> None:
    facts = next(each for each in packaged()["models"] if each["key"] == "sandbox/projector")
    canvases = facts["filming"]["canvases"] | {"720x720": {}}

    model = offer_from(facts | {"filming": facts["filming"] | {"canvases": canvases}}).model

    assert (model.unavailability, model.rates) == (Unavailability.NO_PRICE, ())
