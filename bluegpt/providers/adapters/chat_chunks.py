"""Chat completion chunks, as OpenAI, Mistral and every compatible server stream them."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from bluegpt.providers.adapters.reading import (
    Reading,
    listed,
    mapping,
    optional_mapping,
    parsed,
    string,
)
from bluegpt.providers.adapters.sse import ServerEvent
from bluegpt.providers.rules.failures import complaint, stream_failure
from bluegpt.providers.rules.finishes import chat_finish
from bluegpt.providers.types.chat import Delta, FinishReason
from bluegpt.providers.types.usage import Usage, UsageSource


class ChunkReading(Reading):
    """Usage comes in a chunk of its own after the finish reason, before `[DONE]`.

    Some servers count in every chunk; such figures are cumulative and provisional until the
    finish. The first final figure stands.
    """

    _is_refused = False

    @abstractmethod
    def pieces(self, delta: Mapping[str, Any]) -> tuple[str, str]:
        """Text and reasoning in one chunk's delta."""

    @abstractmethod
    def usage_of(self, body: Mapping[str, Any], source: UsageSource) -> Usage:
        """This provider's way to count."""

    @property
    @override
    def is_whole(self) -> bool:
        return self.is_closed or (self.finish is not None and self.tally.is_final)

    @override
    def read(self, event: ServerEvent) -> Delta | None:
        if event.data == b"[DONE]":
            self.is_closed = True
            return None
        chunk = parsed(event.data)
        if chunk.get("error") is not None or event.name == "error":
            return self.fail(stream_failure(complaint(chunk)))
        is_first = not self.response_id
        self.response_id = self.response_id or string(chunk.get("id"), "an id")
        text, reasoning = self._choice(listed(chunk.get("choices"), "choices"))
        usage = chunk.get("usage")
        if usage is not None and not self.tally.is_final:
            is_over = self.finish is not None or not chunk.get("choices")
            source = UsageSource.FINAL if is_over else UsageSource.PARTIAL
            self.count(usage, lambda body: self.usage_of(body, source))
        if text or reasoning or usage is not None or is_first:
            return self.delta(text=text, reasoning=reasoning)
        return None

    def _choice(self, choices: list[Any]) -> tuple[str, str]:
        if not choices:
            return "", ""
        choice = mapping(choices[0], "a choice")
        delta = optional_mapping(choice.get("delta"), "a delta")
        text, reasoning = self.pieces(delta)
        refusal = string(delta.get("refusal"), "a refusal")
        self._is_refused |= bool(refusal)
        reason = string(choice.get("finish_reason"), "a finish reason")
        if reason == "error":
            self.fail(stream_failure(complaint(None)))
        elif reason:
            finish = chat_finish(reason)
            is_refused = self._is_refused and finish is FinishReason.COMPLETE
            self.finish = FinishReason.REFUSAL if is_refused else finish
        return text + refusal, reasoning
