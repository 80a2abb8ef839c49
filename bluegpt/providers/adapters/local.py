"""Looking for models on this machine, and asking the compatible endpoint what it has.

A server is known by its answer, never by its port alone: this installation's own server, or
any other that happens to listen there, does not answer like a model server.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import aiohttp
import orjson

from bluegpt.providers.types.models import FoundModel

PROBE_TIMEOUT_S = 0.3
ENDPOINT_TIMEOUT_S = 5
_BODY_BYTES_MAX = 4_000_000
_MODELS_MAX = 200
# What a compatible endpoint lists beside models that chat.
_NOT_CHAT = ("embed", "whisper", "tts", "moderation", "dall-e", "image", "rerank", "transcribe")

_Probe = Callable[[aiohttp.ClientSession, str], Awaitable[list[FoundModel]]]


async def on_this_machine(*, host: str = "127.0.0.1") -> list[FoundModel]:
    """Everything that the known local servers offer; servers that are not there are no error."""
    timeout = aiohttp.ClientTimeout(total=PROBE_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
        probes = [probe(session, f"http://{host}:{port}") for port, probe in PROBES.items()]
        return [model for found in await asyncio.gather(*probes) for model in found]


async def at_endpoint(base_url: str, *, api_key: str) -> list[FoundModel]:
    """What the compatible endpoint lists under /models; empty when it does not answer."""
    timeout = aiohttp.ClientTimeout(total=ENDPOINT_TIMEOUT_S)
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        body = await _json(session, "GET", f"{base_url}/models")
    return [
        _found("", base_url, item["id"], _context(item), provider="compatible")
        for item in _items(body, "data")
        if isinstance(item.get("id"), str)
        and not any(word in item["id"].lower() for word in _NOT_CHAT)
    ]


async def _ollama(session: aiohttp.ClientSession, origin: str) -> list[FoundModel]:
    names = [
        item.get("name")
        for item in _items(await _json(session, "GET", f"{origin}/api/tags"), "models")
    ]
    known = [name for name in names if isinstance(name, str)]
    shown = await asyncio.gather(
        *(_json(session, "POST", f"{origin}/api/show", body={"model": name}) for name in known)
    )
    models = []
    for name, facts in zip(known, shown, strict=True):
        abilities = facts.get("capabilities", ["completion"])
        if "completion" in abilities:
            info = facts.get("model_info")
            context = _first_number(info, ".context_length") if isinstance(info, Mapping) else 0
            models.append(
                _found("Ollama", f"{origin}/v1", name, context, reads_images="vision" in abilities)
            )
    return models


async def _lm_studio(session: aiohttp.ClientSession, origin: str) -> list[FoundModel]:
    body = await _json(session, "GET", f"{origin}/api/v0/models")
    return [
        _found(
            "LM Studio",
            f"{origin}/v1",
            item["id"],
            _number(item.get("loaded_context_length")) or _number(item.get("max_context_length")),
            reads_images=item.get("type") == "vlm",
        )
        for item in _items(body, "data")
        if isinstance(item.get("id"), str) and item.get("type") in {"llm", "vlm"}
    ]


async def _by_owner(session: aiohttp.ClientSession, origin: str) -> list[FoundModel]:
    """llama.cpp and vLLM sign their lists."""
    body = await _json(session, "GET", f"{origin}/v1/models")
    props: Mapping[str, Any] = {}
    models = []
    for item in _items(body, "data"):
        name, owner = item.get("id"), item.get("owned_by")
        if not isinstance(name, str) or owner not in {"llamacpp", "vllm"}:
            continue
        if owner == "llamacpp":
            props = props or await _json(session, "GET", f"{origin}/props")
            models.append(_llama_cpp_model(origin, item, props))
        else:
            models.append(_found("vLLM", f"{origin}/v1", name, _context(item)))
    return models


def _llama_cpp_model(origin: str, item: Mapping[str, Any], props: Mapping[str, Any]) -> FoundModel:
    generation, abilities = props.get("default_generation_settings"), props.get("modalities")
    running = generation.get("n_ctx") if isinstance(generation, Mapping) else None
    sees = abilities.get("vision") if isinstance(abilities, Mapping) else False
    # A model's name there is the path of its file.
    return FoundModel(
        provider="local",
        server="llama.cpp",
        base_url=f"{origin}/v1",
        name=item["id"],
        context_tokens=_number(running),
        reads_images=sees is True,
    )


PROBES: Mapping[int, _Probe] = {
    11434: _ollama,
    1234: _lm_studio,
    8080: _by_owner,
    8000: _by_owner,
}


def _found(
    server: str,
    base_url: str,
    name: str,
    context_tokens: int,
    *,
    provider: str = "local",
    reads_images: bool = False,
) -> FoundModel:
    return FoundModel(
        provider=provider,
        server=server,
        base_url=base_url,
        name=name,
        context_tokens=context_tokens,
        reads_images=reads_images,
    )


async def _json(
    session: aiohttp.ClientSession, method: str, url: str, *, body: object = None
) -> Mapping[str, Any]:
    """The JSON object at an address; empty when there is none, for whatever reason."""
    with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError, ValueError):
        async with session.request(method, url, json=body, allow_redirects=False) as response:
            if response.status == 200:
                data = await response.content.read(_BODY_BYTES_MAX)
                while chunk := await response.content.read(_BODY_BYTES_MAX):
                    data += chunk
                    if len(data) > _BODY_BYTES_MAX:
                        return {}
                answer = orjson.loads(data)
                return answer if isinstance(answer, dict) else {}
    return {}


def _items(body: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    listed = body.get(name)
    items = listed[:_MODELS_MAX] if isinstance(listed, list) else []
    return [item for item in items if isinstance(item, dict)]


def _context(item: Mapping[str, Any]) -> int:
    names = ("max_model_len", "context_length", "context_window", "max_context_length")
    return next((number for name in names if (number := _number(item.get(name)))), 0)


def _first_number(info: Mapping[str, Any], ending: str) -> int:
    return next((_number(value) for name, value in info.items() if name.endswith(ending)), 0)


def _number(value: object) -> int:
    return value if type(value) is int and value > 0 else 0
