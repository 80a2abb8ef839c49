"""One request to the sandbox, whatever wire it came on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What came with a turn. Only its outside is kept: never the bytes, never the address."""

    media_type: str  # "" for a link, which the sandbox does not follow
    size_bytes: int = 0
    width_px: int = 0
    height_px: int = 0
    pages: int = 0

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn of the conversation."""

    role: str  # "user" or "assistant"
    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheMark:
    """How far a client asked for caching (Anthropic's `cache_control`)."""

    turns: int  # the leading turns that are inside; 0 is the instructions alone
    is_long: bool  # one hour instead of five minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One answer to be made. Tokens of reasoning count towards `max_output_tokens`."""

    model: str
    system: str
    turns: tuple[Said, ...]
    is_stream: bool
    max_output_tokens: int | None = None
    stops: tuple[str, ...] = ()
    thinks: bool = False
    shows_thinking: bool = False
    wants_usage: bool = True
    user_id: str = ""
    is_stored: bool | None = None  # what `store` said; None when it was not said
    caches_by_itself: bool = True  # OpenAI, Google; Anthropic caches where it is asked to
    cache_mark: CacheMark | None = None

    @property
    def last_user_text(self) -> str:
        """What the person wrote last; empty when there is nothing."""
        return next((said.text for said in reversed(self.turns) if said.role == "user"), "")
