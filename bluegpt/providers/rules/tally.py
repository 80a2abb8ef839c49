"""The usage of one answer while it grows: an estimate until the provider counts."""

from dataclasses import replace

from bluegpt.providers.rules import tokens
from bluegpt.providers.types.chat import ChatRequest
from bluegpt.providers.types.usage import Usage, UsageSource

# Servers that anybody may run may not count; everybody else always does, at the end.
_MAY_NOT_COUNT = frozenset({"local", "compatible"})
# The longest tokens are long words with their space, or blanks; a text is never made of them all.
_CHARS_PER_TOKEN_MAX = 32
# More than any answer runs by itself.
_FEES_MAX = 1_000


class Tally:
    """Counts what streams past and takes over the provider's own figures when they come.

    A figure that cannot be true is kept beside our estimate, which stands instead, marked as
    doubtful. The answer itself goes on: what the person reads does not depend on it.
    """

    def __init__(self, request: ChatRequest) -> None:
        self.doubt = ""  # why the provider's figures are not believed; never holds content
        self._request = request
        self._input_tokens = tokens.input_tokens_estimate(request)
        self._input_tokens_absurd = tokens.input_tokens_absurd(request)
        self._output_tokens_max = request.max_output_tokens
        self._ascii_chars = self._other_chars = 0
        self._reasoning_ascii_chars = self._reasoning_other_chars = 0
        self._reported: Usage | None = None
        self._unbelieved: tuple[tuple[str, int], ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether the provider has had its last word, believed or not."""
        if self.doubt:
            return True
        return self._reported is not None and self._reported.source is UsageSource.FINAL

    def add(self, *, text: str = "", reasoning: str = "") -> None:
        """Count a piece of the answer."""
        if text:
            ascii_chars, other_chars = tokens.chars_of(text)
            self._ascii_chars += ascii_chars
            self._other_chars += other_chars
        if reasoning:
            ascii_chars, other_chars = tokens.chars_of(reasoning)
            self._reasoning_ascii_chars += ascii_chars
            self._reasoning_other_chars += other_chars

    def report(self, usage: Usage, *, reported: tuple[tuple[str, int], ...] = ()) -> None:
        """Take the provider's cumulative figures, unless they are beyond belief.

        Nothing for something is no count: then it is as if none had been given.
        """
        chars = self._ascii_chars + self._other_chars
        if usage.context_tokens == 0 or (chars > 0 and usage.output_tokens == 0):
            return
        why = self._reason_to_doubt(usage, chars)
        if why:
            self.disbelieve(why, reported=reported)
        else:
            self._reported = usage

    def disbelieve(self, why: str, *, reported: tuple[tuple[str, int], ...] = ()) -> None:
        """The provider's figures cannot be used; `why` never holds content. The first stands."""
        if not self.doubt:
            self.doubt = why
            self._unbelieved = reported

    def usage(self) -> Usage:
        """What is owed if the answer ends here. Never empty, never above the answer's limit."""
        if self.doubt:
            doubted = replace(self._estimate(), source=UsageSource.DOUBTFUL)
            return replace(doubted, reported=self._unbelieved)
        reported = self._reported
        if reported is None:
            return self._estimate()
        if reported.source is UsageSource.FINAL:
            return reported
        estimate = self._estimate()
        return replace(
            reported,
            output_tokens=max(reported.output_tokens, estimate.output_tokens),
            reasoning_tokens=max(reported.reasoning_tokens, estimate.reasoning_tokens),
        )

    def usage_of_whole(self) -> Usage:
        """The same for an answer that has come to its proper end: now the count is due."""
        usage = self.usage()
        if self.is_final or self._request.model.provider in _MAY_NOT_COUNT:
            return usage
        return replace(usage, source=UsageSource.MISSING)

    def _reason_to_doubt(self, usage: Usage, chars: int) -> str:
        fees = usage.searches + usage.tool_calls
        if fees > _FEES_MAX:
            return "more tool calls than any answer makes"
        # Each search may bring as much to read as the model can take.
        found = fees * self._request.model.context_tokens
        if (
            usage.context_tokens > self._input_tokens_absurd + found
            or usage.output_tokens > 2 * self._output_tokens_max
        ):
            return "usage beyond twice the worst case"
        is_last = usage.source is UsageSource.FINAL
        if is_last and usage.output_tokens * _CHARS_PER_TOKEN_MAX < chars:
            # As if the last piece alone had been counted, and not all that came before it.
            return "usage below what has arrived"
        return ""

    def _estimate(self) -> Usage:
        reasoning_tokens = tokens.text_estimate(
            self._reasoning_ascii_chars, self._reasoning_other_chars
        )
        output_tokens = reasoning_tokens + tokens.text_estimate(
            self._ascii_chars, self._other_chars
        )
        output_tokens = min(output_tokens, self._output_tokens_max)
        return Usage(
            input_tokens=self._input_tokens,
            output_tokens=output_tokens,
            reasoning_tokens=min(reasoning_tokens, output_tokens),
        )
