"""The list of models, as OpenAI's SDK reads it."""

import httpx2
import openai
import pytest
from openai import AsyncOpenAI

from bluegpt.api import listing
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries import prices
from bluegpt.privacy.errors.gate import TransferLapsed
from tests.api.conftest import WRITER
from tests.providers import openai_schema


async def test_the_list_has_what_can_be_used_now(
    sdk: AsyncOpenAI, http: httpx2.AsyncClient
) -> None:
    names = [model.id async for model in await sdk.models.list()]

    assert {"sandbox/writer", "sandbox/thinker", "sandbox/scholar"} <= set(names)
    assert "openai/gpt-5.5" not in names
    listed = (await http.get("/v1/models")).json()
    openai_schema.check(listed, "ListModelsResponse")
    assert [model["id"] for model in listed["data"]] == names


async def test_one_model_says_its_price(sdk: AsyncOpenAI, http: httpx2.AsyncClient) -> None:
    model = await sdk.models.retrieve(WRITER)

    shape = (await http.get(f"/v1/models/{WRITER}")).json()
    openai_schema.check(shape, "Model")
    assert (model.id, model.owned_by) == (WRITER, "sandbox")
    told = {(rate["meter"], rate["microcredits_per_million"]) for rate in shape["bluegpt"]["rates"]}
    rates = (await in_thread(prices.rates, [WRITER]))[WRITER]
    assert told == {(rate.meter, rate.microcredits_per_million) for rate in rates}
    assert shape["bluegpt"]["reads_images"] is True


async def test_a_model_that_cannot_be_used_says_why(http: httpx2.AsyncClient) -> None:
    shape = (await http.get("/v1/models/openai/gpt-5.5")).json()["bluegpt"]

    assert (shape["is_available"], shape["unavailability"]) == (False, "no_key")


async def test_an_unknown_model_is_not_found(sdk: AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        await sdk.models.retrieve("nobody/nothing")


async def test_a_model_says_who_reads_what_is_sent_to_it(http: httpx2.AsyncClient) -> None:
    shape = (await http.get("/v1/models/openai/gpt-5.5")).json()["bluegpt"]["recipient"]

    assert shape["company"] == "OpenAI Ireland Ltd, with OpenAI OpCo, LLC"
    assert (shape["country"], shape["transfer_basis"]) == ("US", "scc")
    assert (shape["keeps_prompts_days"], shape["trains_on_prompts"]) == (30, False)


async def test_a_closed_route_is_not_listed_and_says_why(
    http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "closed_routes", lambda: {"sandbox": TransferLapsed})

    listed = (await http.get("/v1/models")).json()["data"]
    shape = (await http.get(f"/v1/models/{WRITER}")).json()["bluegpt"]

    assert not [each for each in listed if each["id"].startswith("sandbox/")]
    assert (shape["is_available"], shape["unavailability"]) == (False, "transfer_lapsed")
