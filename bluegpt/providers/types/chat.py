"""What an adapter of conversations takes and gives."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import Turn
from bluegpt.providers.types.usage import Usage


class FinishReason(StrEnum):
    """Why an answer ended, in one vocabulary for all providers."""

    COMPLETE = "complete"
    LENGTH = "length"  # the output limit or the context window was reached
    REFUSAL = "refusal"  # the provider's safety system or the model declined
    TOOL = "tool"  # the model asks for a tool that we did not offer


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """One answer to be made. `max_output_tokens` includes reasoning and is never exceeded."""

    model: Model
    system: str
    turns: tuple[Turn, ...]
    max_output_tokens: int


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
