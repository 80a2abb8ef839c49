"""Who can answer: providers by key, models on this machine, the sandbox."""

import asyncio
from collections import Counter
from collections.abc import Iterator

from django.conf import settings

from bluegpt.core.threads import in_thread
from bluegpt.ops.examining.finding import Finding, ok, problem, warning
from bluegpt.ops.keys import NAMES, SETTINGS
from bluegpt.ops.surroundings import as_when_serving
from bluegpt.providers.queries import catalogue
from bluegpt.providers.types.models import Model


def answering() -> Iterator[Finding]:
    """Every way to an answer, and whether there is one at all."""
    offered = asyncio.run(_offered())
    if not offered:
        yield warning("models", "the catalogue is empty; the first `bluegpt serve` fills it")
        return
    providers = settings.BLUEGPT.providers
    for key, name in NAMES.items():
        if getattr(providers, key).is_open:
            yield ok(name, f"has a key and is reached at {getattr(providers, key).base_url}")
        else:
            yield ok(name, f"has no key; {SETTINGS[key]} opens its models")
    ready = Counter(model.provider for model in offered if model.is_available)
    if providers.finds_local:
        found = ready["local"]
        yield ok("this machine", f"{found} models found (Ollama, LM Studio, llama.cpp, vLLM)")
    if providers.compatible.base_url:
        yield _compatible(ready["compatible"], providers.compatible.base_url)
    if providers.has_sandbox:
        yield ok("sandbox", "answers") if ready["sandbox"] else problem("sandbox", "is silent")
    if not ready:
        yield problem("models", f"none can be used; set a key, such as {SETTINGS['openai']}")


def _compatible(found: int, base_url: str) -> Finding:
    if found:
        return ok("compatible endpoint", f"{found} models at {base_url}")
    return problem(
        "compatible endpoint", f"no models at {base_url}/models; look at BLUEGPT_COMPATIBLE_*"
    )


async def _offered() -> tuple[Model, ...]:
    async with as_when_serving():
        return await in_thread(catalogue.models)
