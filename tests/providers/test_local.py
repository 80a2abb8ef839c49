"""Models on this machine and at the compatible endpoint: known by how they answer."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from pytest_django import Settings

from bluegpt.core.settings import ProviderAccess
from bluegpt.providers.adapters import found, local
from bluegpt.providers.services.local import find
from bluegpt.providers.types.models import FoundModel


@asynccontextmanager
async def serving(answers: Mapping[str, Any]) -> AsyncIterator[int]:
    """A server on loopback that gives these JSON answers by path; its port."""

    async def answer(request: web.Request) -> web.Response:
        if request.path not in answers:
            raise web.HTTPNotFound
        body = answers[request.path]
        if callable(body):
            body = body(await request.json())
        return web.json_response(body)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _shown(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "llama3.2:3b": {
            "capabilities": ["completion", "vision"],
            "model_info": {"general.architecture": "llama", "llama.context_length": 131_072},
        },
        "nomic-embed": {"capabilities": ["embedding"], "model_info": {}},
    }[asked["model"]]


OLLAMA: dict[str, Any] = {
    "/api/tags": {"models": [{"name": "llama3.2:3b"}, {"name": "nomic-embed"}]},
    "/api/show": _shown,
}
LM_STUDIO: dict[str, Any] = {
    "/api/v0/models": {
        "data": [
            {"id": "qwen-vl", "type": "vlm", "max_context_length": 32_768},
            {"id": "small", "type": "llm", "loaded_context_length": 4_096},
            {"id": "vectors", "type": "embeddings"},
        ]
    }
}
LLAMA_CPP: dict[str, Any] = {
    "/v1/models": {"data": [{"id": "gemma.gguf", "owned_by": "llamacpp"}]},
    "/props": {"default_generation_settings": {"n_ctx": 8_192}, "modalities": {"vision": True}},
}
VLLM: dict[str, Any] = {
    "/v1/models": {"data": [{"id": "org/model", "owned_by": "vllm", "max_model_len": 16_384}]}
}
# Like a server of ours: it lists models, but does not sign as one that runs them.
OURS: dict[str, Any] = {
    "/v1/models": {"data": [{"id": "openai/gpt-5.5", "owned_by": "openai"}], "object": "list"}
}
Probe = Callable[..., Any]


async def look(
    monkeypatch: pytest.MonkeyPatch, *servers: tuple[Probe, dict[str, Any]]
) -> dict[str, FoundModel]:
    async with AsyncExitStack() as stack:
        ports = {
            await stack.enter_async_context(serving(answers)): probe for probe, answers in servers
        }
        monkeypatch.setattr(local, "PROBES", ports)
        return {model.name: model for model in await local.on_this_machine()}


async def test_every_kind_of_server_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ollama, lm_studio, by_owner = (local.PROBES[port] for port in (11434, 1234, 8080))

    models = await look(
        monkeypatch,
        (ollama, OLLAMA),
        (lm_studio, LM_STUDIO),
        (by_owner, LLAMA_CPP),
        (by_owner, VLLM),
    )

    seen = {
        name: (model.server, model.context_tokens, model.reads_images)
        for name, model in models.items()
    }
    assert seen == {
        "llama3.2:3b": ("Ollama", 131_072, True),
        "qwen-vl": ("LM Studio", 32_768, True),
        "small": ("LM Studio", 4_096, False),
        "gemma.gguf": ("llama.cpp", 8_192, True),
        "org/model": ("vLLM", 16_384, False),
    }
    assert all(model.base_url.endswith("/v1") for model in models.values())


@pytest.mark.parametrize("port", [11434, 1234, 8080, 8000])
async def test_our_own_server_is_never_found(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    assert await look(monkeypatch, (local.PROBES[port], OURS)) == {}


@pytest.mark.parametrize("port", [11434, 1234, 8080])
@pytest.mark.parametrize("odd", [[], "text", {"models": 7}, {"data": [3, {"id": 4}]}, None])
async def test_odd_answers_are_no_models(
    monkeypatch: pytest.MonkeyPatch, port: int, odd: object
) -> None:
    answers = dict.fromkeys(("/api/tags", "/api/v0/models", "/v1/models"), odd)

    assert await look(monkeypatch, (local.PROBES[port], answers)) == {}


async def test_nobody_there_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "PROBES", {9: local.PROBES[11434]})

    assert await local.on_this_machine() == []


async def test_find_replaces_what_was_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = {"/v1/models": {"data": [{"id": "big"}, {"id": "text-embedding-3"}]}}
    async with serving(listing) as port, serving(OLLAMA) as other:
        monkeypatch.setattr(local, "PROBES", {other: local.PROBES[11434]})
        compatible = ProviderAccess(api_key="k", base_url=f"http://127.0.0.1:{port}/v1")
        access = replace(settings.BLUEGPT.providers, finds_local=True, compatible=compatible)
        settings.BLUEGPT = replace(settings.BLUEGPT, providers=access)

        await find()

    assert [(model.provider, model.name) for model in found.found()] == [
        ("local", "llama3.2:3b"),
        ("compatible", "big"),
    ]

    await find()

    assert found.found() == ()
