"""What programs ask for: whole prompts, and pictures."""

from dataclasses import dataclass, field
from uuid import UUID

from bluegpt.providers.types.pictures import PartialPicture, PictureFormat
from bluegpt.providers.types.turns import Role
from bluegpt.studio.types.calls import CallView
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

    With `uploads` they are worked from, the first changed where `mask`, a PNG of its size, is
    transparent. `request_key` and `request_digest` as in a Prompt.
    """

    person_id: UUID
    model_key: str
    text: str
    number: int
    size: str
    quality: str
    background: str
    format: PictureFormat
    style: str = ""
    seed: int | None = None
    uploads: tuple[Upload, ...] = ()
    mask: bytes = field(default=b"", repr=False)
    partials: int = 0  # unfinished pictures that are wanted on the way
    key_id: UUID | None = None
    request_key: UUID | None = None
    request_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What was drawn: whole files, each with a mark of how it was made, and what each is."""

    files: tuple[bytes, ...] = field(repr=False)
    formats: tuple[PictureFormat, ...]
    sizes: tuple[str, ...]
    digests: tuple[str, ...]  # SHA-256 in hex
    quality: str  # empty where the provider does not say what it chose
    background: str

    @property
    def format(self) -> PictureFormat:
        """The format of the first, which is that of all."""
        return self.formats[0]

    @property
    def size(self) -> str:
        """The size of the first, which is that of all unless the model chose."""
        return self.sizes[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesEvent:
    """What a follower hears of pictures in the making; `call` comes with the last event only."""

    partials: tuple[PartialPicture, ...] = ()
    pictures: Pictures | None = None
    call: CallView | None = None
