"""What a provider adapter takes and gives: models, requests, deltas, usage."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Protocol

from bluegpt.privacy.types.clearances import Clearance


class Wire(StrEnum):
    """The format that a route speaks."""

    OPENAI_RESPONSES = "openai_responses"
    OPENAI_CHAT = "openai_chat"
    ANTHROPIC_MESSAGES = "anthropic_messages"
    GOOGLE_GENERATE = "google_generate"
    MISTRAL_CHAT = "mistral_chat"
    OPENAI_IMAGES = "openai_images"


class Thinking(StrEnum):
    """How a model is asked to reason, and to show it."""

    NONE = ""
    PLAIN = "plain"  # it reasons by itself; its wire's usual switch asks to see it
    ADAPTIVE = "adaptive"  # Anthropic: the model decides how long
    BUDGET = "budget"  # Anthropic, older models: a number of tokens must be named


class Role(StrEnum):
    """Who said a turn. The system prompt is a field of the request, not a turn."""

    USER = "user"
    ASSISTANT = "assistant"


class FinishReason(StrEnum):
    """Why an answer ended, in one vocabulary for all providers."""

    COMPLETE = "complete"
    LENGTH = "length"  # the output limit or the context window was reached
    REFUSAL = "refusal"  # the provider's safety system or the model declined
    TOOL = "tool"  # the model asks for a tool that we did not offer


# A provider's number beyond this says that it is absurd, and not by how much.
REPORTED_MAX = 10**15


class UsageSource(StrEnum):
    """How well a count is known."""

    ESTIMATED = "estimated"  # counted here from the text
    PARTIAL = "partial"  # the provider's count so far
    FINAL = "final"  # the provider's last word
    DOUBTFUL = "doubtful"  # the provider's last word, and it cannot be true
    MISSING = "missing"  # a whole answer without the count that this provider always gives


class Unavailability(StrEnum):
    """Why a model in the catalogue cannot be used now."""

    NONE = ""
    NO_KEY = "no_key"
    NOT_ANSWERING = "not_answering"
    RETIRED = "retired"
    NO_PRICE = "no_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRate:
    """What the provider bills for 1,000,000 units of a meter, in nano-US-dollars.

    `meter` is one of those in `rules/facts.py`; its unit is a token, a picture, a second of
    video, a call of a tool or a search. The rate holds for calls whose input has at least
    `from_context_tokens` tokens.
    """

    meter: str
    from_context_tokens: int
    nanousd_per_million: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A size in which a model draws: `size` as providers write it, "1024x1536".

    `tokens_max` is the most that one picture counts, by quality; zeros where pictures are billed
    by the piece.
    """

    size: str
    tokens_max: tuple[tuple[str, int], ...]

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height."""
        width, _x, height = self.size.partition("x")
        return int(width), int(height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One thing that can be asked, with all that a person needs to choose it."""

    key: str  # "openai/gpt-5.5": provider, slash, the provider's own name
    provider: str
    wire_name: str  # the name the provider expects
    display_name: str
    recipient: str  # key of the manifest's recipient
    sku: str  # key of the price book
    context_tokens: int
    output_tokens_max: int
    reads_images: bool
    reads_pdfs: bool
    reasons: bool
    retires_on: str  # ISO date, empty when none is announced
    unavailability: Unavailability
    rates: tuple[ProviderRate, ...]
    note: str = ""
    canvases: tuple[Canvas, ...] = ()  # of a model that draws, which does not converse

    @property
    def draws(self) -> bool:
        return bool(self.canvases)

    @property
    def is_available(self) -> bool:
        return self.unavailability is Unavailability.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A model with what only this app needs to reach it.

    `base_url` is set for models that were found; the others are where the settings say.
    """

    model: Model
    wire: Wire
    thinking: Thinking
    base_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to reach a model. `base_url` has no slash at its end."""

    wire: Wire
    base_url: str
    api_key: str = field(repr=False)
    thinking: Thinking = Thinking.NONE
    is_portable: bool = False  # only fields that every compatible server understands


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModel:
    """A model that a server answered with when it was asked what it has.

    `context_tokens` is 0 when the server does not say.
    """

    provider: str  # local | compatible
    server: str  # "Ollama", "vLLM", …; empty for the compatible endpoint
    base_url: str
    name: str
    context_tokens: int
    reads_images: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A piece of text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePart:
    """A picture: `image/png`, `image/jpeg` or `image/webp` bytes, and its size in pixels."""

    media_type: str
    data: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfPart:
    """A PDF document."""

    name: str
    data: bytes
    pages: int


Part = TextPart | ImagePart | PdfPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a conversation."""

    role: Role
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """One answer to be made. `max_output_tokens` includes reasoning and is never exceeded."""

    model: Model
    system: str
    turns: tuple[Turn, ...]
    max_output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one call used. Never negative.

    The counts of input do not overlap: `input_tokens` is text, and whatever costs the same, that
    was neither read from a cache nor written to one. `output_tokens` is all output; reasoning,
    image and audio are the parts of it that may cost something else, and do not overlap.
    `searches` and `tool_calls` are those that the provider bills beside the tokens, `pictures`
    those that it bills by the piece and not by their tokens.

    `reported` is what the provider said, name by name, where it cannot be believed (`DOUBTFUL`):
    the counts are then our own estimate. Its numbers lie within ±REPORTED_MAX.
    """

    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_long_tokens: int = 0
    image_input_tokens: int = 0
    audio_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    image_output_tokens: int = 0
    audio_output_tokens: int = 0
    searches: int = 0
    tool_calls: int = 0
    pictures: int = 0
    source: UsageSource = UsageSource.ESTIMATED
    reported: tuple[tuple[str, int], ...] = ()

    @property
    def context_tokens(self) -> int:
        """All input, cached or not: what picks the price tier."""
        return (
            self.input_tokens
            + self.cached_input_tokens
            + self.cache_write_tokens
            + self.cache_write_long_tokens
            + self.image_input_tokens
            + self.audio_input_tokens
        )

    @property
    def text_output_tokens(self) -> int:
        """Output that is neither reasoning nor image nor audio."""
        parts = self.reasoning_tokens + self.image_output_tokens + self.audio_output_tokens
        return self.output_tokens - parts


# The names of all counts of a usage, for those who keep or add them up.
USAGE_COUNTS = tuple(one.name for one in fields(Usage) if one.name not in {"source", "reported"})


class ReportFormat(StrEnum):
    """Whose form a report of what was used has."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedUsage:
    """What a provider says was used of one model on one UTC day, as one row of its report.

    `wire_name` is the provider's name of the model, often with the date of its making. A report
    may have several rows for a model: they add up. `usage.reasoning_tokens` is not told.
    """

    wire_name: str
    day: date
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A part of a report; `next_page` asks for the following one, empty on the last.

    `days` are those that it speaks of, also where nothing was used.
    """

    days: frozenset[date]
    rows: tuple[ReportedUsage, ...]
    next_page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAccess:
    """Where a provider's report is read, and the key of its administrator."""

    format: ReportFormat
    base_url: str
    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One step of an answer. `usage` is cumulative, never empty: what is owed if it ends here."""

    usage: Usage
    text: str = ""
    reasoning: str = ""
    finish: FinishReason | None = None
    response_id: str = ""  # the provider's own id of the answer, from the first event that has one


class ChatAdapter(Protocol):
    """One wire format. Closing the iterator cancels the provider's stream."""

    def chat(
        self, request: ChatRequest, *, clearance: Clearance
    ) -> AsyncGenerator[Delta, None]: ...


class PictureFormat(StrEnum):
    """How a picture is written."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"


AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest:
    """Pictures to be made of one prompt. `size`, `quality` and `background` may be AUTO.

    `input_tokens` is an upper bound of the prompt's, `output_tokens` of all that is drawn.
    """

    model: Model
    prompt: str
    number: int
    size: str
    quality: str
    background: str
    format: PictureFormat
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came of it: the files as the provider made them, not yet looked at.

    `quality` and `background` are what it chose; empty where it does not say.
    """

    files: tuple[bytes, ...] = field(repr=False)
    usage: Usage
    quality: str = ""
    background: str = ""


class PictureAdapter(Protocol):
    """One wire format of pictures. Cancelling closes the connection."""

    async def draw(self, request: PictureRequest, *, clearance: Clearance) -> Drawn: ...
