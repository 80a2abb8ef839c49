"""What can be asked: the catalogue's entries, what was found, and whether each can be used now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.core.settings import ProviderAccess, VertexAccess
from bluegpt.providers.adapters import found
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.errors import ModelUnavailable, UnknownModel
from bluegpt.providers.models import CatalogueEntry
from bluegpt.providers.rules.facts import offer_from
from bluegpt.providers.types.models import FoundModel, Model, Offer, Route, Unavailability, Wire

# Another process may have refreshed the catalogue; this one hears of it within this time.
REMEMBERED_S = 30

_PATTERN = "/*"
# Where a wire's addresses begin in the sandbox, if not at the version.
_SANDBOX_PATHS = {
    Wire.ANTHROPIC_MESSAGES: "",
    Wire.GOOGLE_INTERACTIONS: "",
    Wire.GOOGLE_IMAGES: "",
    Wire.XAI_IMAGES: "/xai/v1",
    Wire.VERTEX_VIDEOS: "/v1/projects/sandbox/locations/here",
}
_DRAWING_PATTERN = "/images/*"
_CONTEXT_TOKENS_UNKNOWN = 8_192


@dataclass(slots=True)
class _Memory:
    """The entries as they were last read, and until when that will do."""

    offers: Mapping[str, Offer]
    until_s: float


_memory = _Memory({}, float("-inf"))


def models() -> tuple[Model, ...]:
    """All models in display order: those that can be used now come first."""
    offered = [_view(offer) for offer in _offers().values()]
    return tuple(sorted(offered, key=lambda model: not model.is_available))


def chat_models() -> tuple[Model, ...]:
    """Those that converse: what a message can be sent to."""
    return tuple(model for model in models() if model.converses)


def drawing_models() -> tuple[Model, ...]:
    """Those that draw."""
    return tuple(model for model in models() if model.draws)


def film_models() -> tuple[Model, ...]:
    """Those that film."""
    return tuple(model for model in models() if model.films)


def model(key: str) -> Model:
    """One model. Raises UnknownModel."""
    return _view(_offer(key))


def route(key: str) -> Route:
    """How to reach a model. Raises UnknownModel, or ModelUnavailable when it cannot be used."""
    offer = _offer(key)
    if not _view(offer).is_available:
        raise ModelUnavailable
    return _route(offer)


def is_remembered() -> bool:
    """Whether the next question is answered from memory, without the database."""
    return clock.monotonic_s() < _memory.until_s


def forget() -> None:
    """The entries have changed: read them again."""
    _memory.until_s = float("-inf")


def _entries() -> Mapping[str, Offer]:
    if not is_remembered():
        rows = CatalogueEntry.objects.values_list("facts", flat=True)
        _memory.offers = {offer.model.key: offer for offer in map(offer_from, rows)}
        _memory.until_s = clock.monotonic_s() + REMEMBERED_S
    return _memory.offers


def _offers() -> Mapping[str, Offer]:
    entries = _entries()
    offers = {key: offer for key, offer in entries.items() if not key.endswith(_PATTERN)}
    if not settings.BLUEGPT.providers.has_sandbox:
        offers = {key: offer for key, offer in offers.items() if offer.model.provider != "sandbox"}
    for one in (*found.found(), *_named()):
        offer = _found_offer(one, entries)
        if offer is not None:
            offers[offer.model.key] = offer
    return offers


def _named() -> Iterator[FoundModel]:
    """The models that draw or film at the compatible endpoint: whether it lists them or not."""
    providers = settings.BLUEGPT.providers
    if providers.compatible.base_url:
        filming = (
            offer.model.wire_name
            for offer in _entries().values()
            if offer.model.provider == "compatible" and offer.model.films
        )
        for name in (*providers.compatible_image_models, *filming):
            yield FoundModel(
                provider="compatible",
                server="",
                base_url=providers.compatible.base_url,
                name=name,
                context_tokens=0,
                reads_images=False,
            )


def _offer(key: str) -> Offer:
    try:
        return _offers()[key]
    except KeyError:
        raise UnknownModel from None


def _found_offer(one: FoundModel, entries: Mapping[str, Offer]) -> Offer | None:
    """A found model with the price written down for it, else with that of its pattern."""
    place = f"{one.server.lower().replace(' ', '-')}/" if one.server else ""
    key = f"{one.provider}/{place}{one.name}"
    draws = (
        one.provider == "compatible"
        and one.name in settings.BLUEGPT.providers.compatible_image_models
    )
    fitting = one.provider + (_DRAWING_PATTERN if draws else _PATTERN)
    pattern = entries.get(key) or entries.get(fitting)
    if pattern is None:
        return None
    if pattern.model.films:
        return replace(pattern, base_url=one.base_url)  # what films is written down whole
    context_tokens = one.context_tokens or _CONTEXT_TOKENS_UNKNOWN
    is_local = one.provider == "local"
    return replace(
        pattern,
        base_url=one.base_url,
        model=replace(
            pattern.model,
            key=key,
            wire_name=one.name,
            display_name=f"{one.name} ({one.server})" if one.server else one.name,
            sku="local" if is_local else key,
            context_tokens=context_tokens,
            output_tokens_max=context_tokens,
            reads_images=one.reads_images,
        ),
    )


def _view(offer: Offer) -> Model:
    """The model as it stands today, in the reader's language."""
    return replace(
        offer.model, unavailability=_unavailability(offer), note=_note(offer.model.provider)
    )


def _unavailability(offer: Offer) -> Unavailability:
    model = offer.model
    if model.retires_on and clock.now().date().isoformat() >= model.retires_on:
        return Unavailability.RETIRED
    if not model.rates:
        return Unavailability.NO_PRICE
    access = _access(model.provider)
    if access is not None:
        return Unavailability.NONE if access.is_open else Unavailability.NO_KEY
    is_there = address.base_url() if model.provider == "sandbox" else offer.base_url
    return Unavailability.NONE if is_there else Unavailability.NOT_ANSWERING


def _access(provider: str) -> ProviderAccess | None:
    """The access of a provider that wants a key; None for the others."""
    providers = settings.BLUEGPT.providers
    return {
        "openai": providers.openai,
        "anthropic": providers.anthropic,
        "google": providers.google,
        "mistral": providers.mistral,
        "vertex": providers.vertex,
        "xai": providers.xai,
    }.get(provider)


def _route(offer: Offer) -> Route:
    provider = offer.model.provider
    access = _access(provider)
    if access is not None:
        base_url, api_key = access.base_url, access.api_key
    elif provider == "sandbox":
        path = _SANDBOX_PATHS.get(offer.wire, "/v1")
        base_url, api_key = f"{address.base_url()}{path}", "sandbox"
    else:
        is_local = provider == "local"
        api_key = "" if is_local else settings.BLUEGPT.providers.compatible.api_key
        base_url = offer.base_url
    return Route(
        wire=offer.wire,
        base_url=base_url,
        api_key=api_key,
        thinking=offer.thinking,
        credentials_file=access.credentials_file if isinstance(access, VertexAccess) else "",
        is_portable=provider in {"local", "compatible"},
    )


def _note(provider: str) -> str:
    match provider:
        case "sandbox":
            return _("For trying things out: it runs in this installation and knows nothing.")
        case "local":
            return _("Runs on this machine: nothing leaves it, nothing is charged.")
        case _:
            return ""
