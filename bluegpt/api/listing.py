"""`GET /v1/models`: what can be asked, and at what price."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from bluegpt.api.doors import door
from bluegpt.api.keys import Caller
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries import prices
from bluegpt.credits.types import Rate
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.privacy.queries.manifest import recipient
from bluegpt.privacy.queries.standing import closed_routes
from bluegpt.providers.queries import catalogue
from bluegpt.providers.types.models import Model

Body = dict[str, Any]


@door("GET")
async def models(request: HttpRequest, caller: Caller) -> HttpResponse:
    """The models that can be used now, in the order of the page."""
    return _json({"object": "list", "data": await in_thread(_usable)})


@door("GET")
async def model(request: HttpRequest, caller: Caller, model_key: str) -> HttpResponse:
    """One model, whether it can be used now or not. Raises UnknownModel."""
    return _json(await in_thread(_one, model_key))


def _usable() -> list[Body]:
    closed = closed_routes()
    usable = [
        model
        for model in catalogue.models()
        if model.is_available and model.recipient not in closed
    ]
    rates = prices.rates([model.sku for model in usable])
    return [_shape(model, rates.get(model.sku, ()), closed=None) for model in usable]


def _one(model_key: str) -> Body:
    found = catalogue.model(model_key)
    rates = prices.rates([found.sku]).get(found.sku, ())
    return _shape(found, rates, closed=closed_routes().get(found.recipient))


def _makes(model: Model) -> list[str]:
    if model.films:
        return ["videos"]
    return ["pictures"] if model.draws else ["text"]


def _recipient(key: str) -> Body:
    """Who reads what is sent: what the page tells before the first message, in English."""
    with translation.override("en"):
        known = recipient(key)
    return {
        "company": known.company,
        "country": known.country or None,
        "transfer_basis": known.transfer_basis or None,
        "transfer": known.instrument or None,
        "retention": known.retention,
        "keeps_prompts_days": known.keeps_prompts_days,
        "trains_on_prompts": known.trains_on_prompts,
        "terms_url": known.terms_url or None,
    }


def _shape(model: Model, rates: Sequence[Rate], *, closed: type[NotCleared] | None) -> Body:
    reason = closed.code if closed else model.unavailability
    return {
        "id": model.key,
        "object": "model",
        "created": 0,  # the format wants a date, and providers do not tell one
        "owned_by": model.provider,
        "shutdown_date": model.retires_on or None,
        "bluegpt": {
            "name": model.display_name,
            "is_available": model.is_available and closed is None,
            "unavailability": reason or None,
            "recipient": _recipient(model.recipient),
            "context_tokens": model.context_tokens,
            "output_tokens_max": model.output_tokens_max,
            "reads_images": model.reads_images,
            "reads_pdfs": model.reads_pdfs,
            "reasons": model.reasons,
            "makes": _makes(model),
            "sizes": {each.size: [*dict(each.tokens_max)] for each in model.canvases},
            "rates": [
                {
                    "meter": rate.meter,
                    "from_context_tokens": rate.from_context_tokens,
                    "microcredits_per_million": rate.microcredits_per_million,
                }
                for rate in rates
            ],
        },
    }


def _json(body: Body) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
