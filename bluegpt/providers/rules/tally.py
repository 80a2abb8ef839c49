"""The usage of one answer while it grows: an estimate until the provider counts."""

from dataclasses import replace

from bluegpt.providers.errors import MalformedReply
from bluegpt.providers.rules import tokens
from bluegpt.providers.types import ChatRequest, Usage, UsageSource


class Tally:
    """Counts what streams past and takes over the provider's own figures when they come.

    A figure that cannot be true is not used: `doubt` then holds the error that belongs at the
    end of the answer, when what did arrive has been passed on.
    """

    def __init__(self, request: ChatRequest) -> None:
        self.doubt: MalformedReply | None = None
        self._input_tokens = tokens.input_tokens_estimate(request)
        self._input_tokens_absurd = tokens.input_tokens_absurd(request)
        self._output_tokens_max = request.max_output_tokens
        self._ascii_chars = self._other_chars = 0
        self._reasoning_ascii_chars = self._reasoning_other_chars = 0
        self._reported: Usage | None = None

    @property
    def is_final(self) -> bool:
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

    def report(self, usage: Usage) -> None:
        """Take the provider's cumulative figures, unless they are beyond belief.

        Nothing for something is no count: then it is as if none had been given.
        """
        has_output = self._ascii_chars + self._other_chars > 0
        if usage.context_tokens == 0 or (has_output and usage.output_tokens == 0):
            return
        if (
            usage.context_tokens > self._input_tokens_absurd
            or usage.output_tokens > 2 * self._output_tokens_max
        ):
            self.disbelieve("usage beyond twice the worst case")
        else:
            self._reported = usage

    def disbelieve(self, why: str) -> None:
        """The provider's figures cannot be used; `why` never holds content."""
        if self.doubt is None:
            self.doubt = MalformedReply()
            self.doubt.add_note(why)

    def usage(self) -> Usage:
        """What is owed if the answer ends here. Never empty, never above the answer's limit."""
        reported = self._reported
        if reported is not None and reported.source is UsageSource.FINAL:
            return reported
        reasoning_tokens = tokens.text_estimate(
            self._reasoning_ascii_chars, self._reasoning_other_chars
        )
        output_tokens = reasoning_tokens + tokens.text_estimate(
            self._ascii_chars, self._other_chars
        )
        output_tokens = min(output_tokens, self._output_tokens_max)
        reasoning_tokens = min(reasoning_tokens, output_tokens)
        if reported is None:
            return Usage(
                input_tokens=self._input_tokens,
                output_tokens=output_tokens,
                reasoning_tokens=reasoning_tokens,
            )
        return replace(
            reported,
            output_tokens=max(reported.output_tokens, output_tokens),
            reasoning_tokens=max(reported.reasoning_tokens, reasoning_tokens),
        )
