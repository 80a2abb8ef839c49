"""What can be asked: models, their prices, and the routes that reach them."""

from dataclasses import dataclass, field
from enum import StrEnum


class Wire(StrEnum):
    """The format that a route speaks."""

    OPENAI_RESPONSES = "openai_responses"
    OPENAI_CHAT = "openai_chat"
    ANTHROPIC_MESSAGES = "anthropic_messages"
    GOOGLE_GENERATE = "google_generate"
    MISTRAL_CHAT = "mistral_chat"
    OPENAI_IMAGES = "openai_images"
    OPENAI_VIDEOS = "openai_videos"
    GOOGLE_INTERACTIONS = "google_interactions"
    VERTEX_VIDEOS = "vertex_videos"
    GOOGLE_IMAGES = "google_images"
    XAI_IMAGES = "xai_images"
    XAI_VIDEOS = "xai_videos"


class Thinking(StrEnum):
    """How a model is asked to reason, and to show it."""

    NONE = ""
    PLAIN = "plain"  # it reasons by itself; its wire's usual switch asks to see it
    ADAPTIVE = "adaptive"  # Anthropic: the model decides how long
    BUDGET = "budget"  # Anthropic, older models: a number of tokens must be named


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
class DrawingSkills:
    """What a model that draws can be told beside prompt, size and quality.

    `formats` and `backgrounds` are values of PictureFormat and providers' words; an empty tuple
    means that the model decides. `partials_max` is how many unfinished pictures it sends on the
    way, `partial_tokens` what each of them counts. With `masks`, a part of the first reference can
    be marked as the one to change. Without `has_exact_sizes` a size is the shape and about as
    large. `aside_tokens_max` is the most that thoughts and words beside one picture count, at the
    rate of text. With `reads_each_time` each picture is a request of its own, which reads the
    prompt and what is given anew.
    """

    number_max: int = 8
    formats: tuple[str, ...] = ("png", "jpeg", "webp")
    backgrounds: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    references_max: int = 0
    has_masks: bool = False
    has_seeds: bool = False
    partials_max: int = 0
    partial_tokens: int = 100  # OpenAI's guide on image generation
    has_exact_sizes: bool = True
    aside_tokens_max: int = 0
    reads_each_time: bool = False


class Sound(StrEnum):
    """Whether the films of a model can be heard."""

    NEVER = "never"
    ALWAYS = "always"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmCanvas:
    """A size in which a model films, "1280x720", and the SKU that it is billed as.

    `tokens_per_second_max` is zero where seconds are billed, and not their tokens.
    """

    size: str
    sku: str
    rates: tuple[ProviderRate, ...]
    tokens_per_second_max: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmingSkills:
    """What a model that films can be told. `seconds` are the lengths that it makes, ascending."""

    canvases: tuple[FilmCanvas, ...]
    seconds: tuple[int, ...]
    sound: Sound
    starts_from_picture: bool = False
    remixes: bool = False
    extends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One thing that can be asked, with all that a person needs to choose it.

    A model that films is billed by its canvas: `sku` and `rates` are then those of the first one.
    """

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
    drawing: DrawingSkills = DrawingSkills()
    filming: FilmingSkills | None = None  # of a model that films, which does nothing else

    @property
    def draws(self) -> bool:
        return bool(self.canvases)

    @property
    def films(self) -> bool:
        return self.filming is not None

    @property
    def converses(self) -> bool:
        return not (self.draws or self.films)

    @property
    def skus(self) -> tuple[tuple[str, tuple[ProviderRate, ...]], ...]:
        """Everything of it that has a price of its own."""
        if self.filming is None:
            return ((self.sku, self.rates),)
        return tuple((canvas.sku, canvas.rates) for canvas in self.filming.canvases)

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
    """One way to reach a model. `base_url` has no slash at its end.

    Where there is a `credentials_file`, keys for some minutes are had with it.
    """

    wire: Wire
    base_url: str
    api_key: str = field(repr=False)
    thinking: Thinking = Thinking.NONE
    credentials_file: str = ""
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
