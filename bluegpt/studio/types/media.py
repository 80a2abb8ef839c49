"""Pictures and films as their owner keeps them, and the wishes that they come from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.providers.types.films import FilmAct
from bluegpt.providers.types.pictures import PartialPicture, PictureFormat
from bluegpt.studio.types.calls import CallView


class Kind(StrEnum):
    """What an asset is."""

    PICTURE = "picture"
    FILM = "film"


class Origin(StrEnum):
    """Where an asset came from."""

    MADE = "made"  # by a model, here
    GIVEN = "given"  # by the person, to work from


class FilmStep(StrEnum):
    """What our worker does next for a film. Each is safe to begin again after a crash."""

    SUBMIT = "submit"  # nothing has left yet
    SUBMITTING = "submitting"  # it may have left: it is never sent a second time
    WATCH = "watch"
    FETCH = "fetch"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureWish:
    """Pictures that a person asks for in the studio; they are kept.

    `size`, `quality` and `background` may be AUTO. `input_ids` are assets of theirs to work from;
    `mask`, a PNG as large as the first of them, is transparent where that one is to change.
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
    input_ids: tuple[UUID, ...] = ()
    mask: bytes = b""
    request_key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmWish:
    """A film that a person asks for. `source_id` is their film to remix or to extend."""

    person_id: UUID
    model_key: str
    text: str
    seconds: int
    size: str
    with_sound: bool
    act: FilmAct = FilmAct.CREATE
    picture_id: UUID | None = None
    source_id: UUID | None = None
    wants_mail: bool = False
    request_key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaQuote:
    """The most that a wish can cost: for one picture or second, and in all."""

    each_microcredits: int
    amount_microcredits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetView:
    """One picture or film. Sizes are 0 where they could not be read."""

    id: UUID
    creation_id: UUID | None  # None for what was given
    kind: Kind
    origin: Origin
    place: int
    name: str  # of a given file
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    duration_ms: int
    has_sound: bool
    has_thumbnail: bool
    has_poster: bool
    is_favourite: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationView:
    """A wish, how it went, and what came of it so far.

    `call` is None for one that came back in an archive: nobody was paid for it here. `model_key`
    may name a model that is offered no more. `input_ids` are those that are still there.
    """

    id: UUID
    kind: Kind
    prompt: str
    settings: dict[str, str | int | bool]
    model_key: str
    model_name: str
    call: CallView | None
    assets: tuple[AssetView, ...]
    input_ids: tuple[UUID, ...]
    source_id: UUID | None
    percent: int | None  # of a film in the making, where the provider says
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MakingEvent:
    """What a follower sees of pictures in the making: unfinished ones, small WebP files.

    `creation` comes with the last event only.
    """

    partials: tuple[PartialPicture, ...] = ()
    creation: CreationView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmView:
    """How a film's job stands, beside what its CreationView says.

    `provider_code` is the provider's own word for why there is none. `is_at_provider`: it can still
    be changed or carried on there, where the model does that.
    """

    creation_id: UUID
    step: FilmStep
    percent: int | None
    is_stop_asked: bool
    wants_mail: bool
    provider_code: str
    is_at_provider: bool
    begun_at: datetime
    deadline_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlbumView:
    """An album and how much is in it."""

    id: UUID
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryFilter:
    """What of the gallery is wanted; the empty one means everything that was made."""

    kind: Kind | None = None
    origin: Origin | None = Origin.MADE
    is_favourite: bool = False
    album_id: UUID | None = None
    model_key: str = ""
    words: str = ""  # looked for in the prompts


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPage:
    """Assets, newest first; `next_cursor` is empty on the last page."""

    assets: tuple[AssetView, ...]
    next_cursor: str
