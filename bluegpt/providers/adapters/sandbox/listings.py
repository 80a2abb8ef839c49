"""The list of models as each of three kinds of client expects it."""

from collections.abc import Mapping
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox.models import (
    CONTEXT_TOKENS,
    MODELS,
    OUTPUT_TOKENS_MAX,
    SandboxModel,
)


def tongue(headers: Mapping[str, str]) -> str:
    """Who is asking, told by the headers that only one kind of client sends."""
    if "anthropic-version" in headers:
        return "anthropic"
    return "google" if "x-goog-api-key" in headers else "openai"


def all_models(tongue: str) -> bytes:
    models = [_RENDERERS[tongue](model) for model in MODELS.values()]
    if tongue == "google":
        return orjson.dumps({"models": models})
    if tongue == "anthropic":
        edges = {
            "first_id": models[0]["id"],
            "last_id": models[-1]["id"],
            "has_more": False,
        }
        return orjson.dumps({"data": models} | edges)
    return orjson.dumps({"object": "list", "data": models})


def one_model(model: SandboxModel, tongue: str) -> bytes:
    return orjson.dumps(_RENDERERS[tongue](model))


def _openai(model: SandboxModel) -> dict[str, Any]:
    return {
        "id": model.name,
        "object": "model",
        "created": model.created,
        "owned_by": "sandbox",
    }


def _anthropic(model: SandboxModel) -> dict[str, Any]:
    return {
        "type": "model",
        "id": model.name,
        "display_name": model.display_name,
        "created_at": f"{model.released_on}T00:00:00Z",
        "lifecycle": "active",
        "deprecated_at": None,
        "retires_at": None,
        "max_input_tokens": CONTEXT_TOKENS,
        "max_tokens": OUTPUT_TOKENS_MAX,
    }


def _google(model: SandboxModel) -> dict[str, Any]:
    return {
        "name": f"models/{model.name}",
        "version": model.released_on,
        "displayName": model.display_name,
        "inputTokenLimit": CONTEXT_TOKENS,
        "outputTokenLimit": OUTPUT_TOKENS_MAX,
        "supportedGenerationMethods": ["generateContent"],
        "thinking": model.thinks,
    }


_RENDERERS = {"openai": _openai, "anthropic": _anthropic, "google": _google}
