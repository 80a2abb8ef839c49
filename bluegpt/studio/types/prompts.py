"""What programs ask for: whole prompts, and pictures."""

from dataclasses import dataclass, field
from uuid import UUID

from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.providers.types.turns import Role
from bluegpt.studio.types.files import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptTurn:
    """One message of a prompt: its texts and files, in order."""

    role: Role
    pieces: tuple[str | Upload, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A whole conversation, sent at once by a program that keeps it itself: nothing is stored.

    `output_tokens_max` is a lower limit than the one that model, window and purse set.
    `request_key` makes sending twice ask once, as long as `request_digest` is the same.
    """

    person_id: UUID
    model_key: str
    system: str
    turns: tuple[PromptTurn, ...]
    output_tokens_max: int | None = None
    key_id: UUID | None = None  # the API key whose limits count
    request_key: UUID | None = None
    request_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePrompt:
    """Pictures that a program asks for. `size`, `quality` and `background` may be "auto".

    `request_key` and `request_digest` as in a Prompt.
    """

    person_id: UUID
    model_key: str
    text: str
    number: int
    size: str
    quality: str
    background: str
    format: PictureFormat
    key_id: UUID | None = None
    request_key: UUID | None = None
    request_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What was drawn: whole files, each with a mark of how it was made, and their sizes."""

    files: tuple[bytes, ...] = field(repr=False)
    sizes: tuple[str, ...]
    quality: str  # empty where the provider does not say what it chose
    background: str
    format: PictureFormat

    @property
    def size(self) -> str:
        """The size of the first, which is that of all unless the model chose."""
        return self.sizes[0]
