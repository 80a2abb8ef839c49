"""What an adapter of films takes and gives: a job at the provider, looked at until it ends."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage


class FilmAct(StrEnum):
    """What is asked for: a new film, an earlier one changed, or one that goes on."""

    CREATE = "create"
    REMIX = "remix"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmRequest:
    """A film to be made. `source_ref` is the provider's job of the film to remix or extend.

    `input_tokens` is an upper bound of what the model reads, `output_tokens` of what it makes;
    zero where seconds are billed.
    """

    model: Model
    prompt: str
    seconds: int
    size: str
    with_sound: bool
    act: FilmAct = FilmAct.CREATE
    picture: ImagePart | None = None
    source_ref: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


class FilmState(StrEnum):
    """How far a provider's job is, in one vocabulary for all of them."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"  # by the provider's safety system
    GONE = "gone"  # the provider does not know the job, or keeps its film no more


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmProgress:
    """What a provider says of a job. `percent` is None where it does not say.

    `usage` is what is owed for it: set once the state is DONE, and for a refusal that is billed.
    `error_code` is the provider's own, at most 40 characters, never a sentence.
    """

    state: FilmState
    percent: int | None = None
    usage: Usage | None = None
    error_code: str = ""


class FilmAdapter(Protocol):
    """One wire format of films. `ref` names the job at the provider, at most 500 characters.

    All raise the errors of `providers.errors`. `submit` is sent once and never again. `fetch`
    gives the film's bytes as they come; closing it closes the connection. `forget` has the
    provider delete what it holds of the job; False where its wire has no way to ask for that.
    """

    async def submit(self, request: FilmRequest, *, clearance: Clearance) -> str: ...

    async def look(self, ref: str, *, request: FilmRequest) -> FilmProgress: ...

    def fetch(self, ref: str, *, request: FilmRequest) -> AsyncGenerator[bytes, None]: ...

    async def forget(self, ref: str) -> bool: ...
