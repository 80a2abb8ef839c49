"""Which adapter speaks which wire."""

from collections.abc import Callable, Mapping

from bluegpt.providers.adapters.anthropic_messages import AnthropicMessages
from bluegpt.providers.adapters.google_generate import GoogleGenerate
from bluegpt.providers.adapters.google_images import GoogleImages
from bluegpt.providers.adapters.google_interactions import GoogleInteractions
from bluegpt.providers.adapters.mistral_chat import MistralChat
from bluegpt.providers.adapters.openai_chat import OpenAIChat
from bluegpt.providers.adapters.openai_images import OpenAIImages
from bluegpt.providers.adapters.openai_responses import OpenAIResponses
from bluegpt.providers.adapters.openai_videos import OpenAIVideos
from bluegpt.providers.adapters.vertex_videos import VertexVideos
from bluegpt.providers.adapters.xai_images import XaiImages
from bluegpt.providers.adapters.xai_videos import XaiVideos
from bluegpt.providers.types.chat import ChatAdapter
from bluegpt.providers.types.films import FilmAdapter
from bluegpt.providers.types.models import Route, Wire
from bluegpt.providers.types.pictures import PictureAdapter

_ADAPTERS: Mapping[Wire, Callable[[Route], ChatAdapter]] = {
    Wire.OPENAI_RESPONSES: OpenAIResponses,
    Wire.OPENAI_CHAT: OpenAIChat,
    Wire.ANTHROPIC_MESSAGES: AnthropicMessages,
    Wire.GOOGLE_GENERATE: GoogleGenerate,
    Wire.MISTRAL_CHAT: MistralChat,
}


_PICTURE_ADAPTERS: Mapping[Wire, Callable[[Route], PictureAdapter]] = {
    Wire.OPENAI_IMAGES: OpenAIImages,
    Wire.GOOGLE_IMAGES: GoogleImages,
    Wire.XAI_IMAGES: XaiImages,
}


_FILM_ADAPTERS: Mapping[Wire, Callable[[Route], FilmAdapter]] = {
    Wire.OPENAI_VIDEOS: OpenAIVideos,
    Wire.GOOGLE_INTERACTIONS: GoogleInteractions,
    Wire.VERTEX_VIDEOS: VertexVideos,
    Wire.XAI_VIDEOS: XaiVideos,
}


def film_adapter(route: Route) -> FilmAdapter:
    """The adapter for a route to a model that films."""
    return _FILM_ADAPTERS[route.wire](route)


def picture_adapter(route: Route) -> PictureAdapter:
    """The adapter for a route to a model that draws."""
    return _PICTURE_ADAPTERS[route.wire](route)


def adapter(route: Route) -> ChatAdapter:
    """The adapter for a route to a model that converses."""
    return _ADAPTERS[route.wire](route)
