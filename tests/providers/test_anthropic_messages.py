"""Anthropic's Messages API: the contract, the recorded streams, and what is its own."""

from pathlib import Path

import pytest

from bluegpt.providers.adapters.sse import SseReader
from bluegpt.providers.types.chat import Delta, FinishReason
from bluegpt.providers.types.turns import PdfPart, Role, TextPart, Turn
from bluegpt.providers.types.usage import UsageSource
from tests.providers.contract import AdapterContract
from tests.providers.making import request
from tests.providers.speakers import AnthropicSpeaker
from tests.providers.upstream import Upstream

RECORDED = Path(__file__).parent / "wire" / "anthropic"


def deltas_of(name: str) -> list[Delta]:
    reading, sse = AnthropicSpeaker.reading(request("anthropic")), SseReader()
    events = [*sse.feed((RECORDED / f"{name}.sse").read_bytes()), *sse.flush()]
    deltas = [*map(reading.read, events), reading.last()]
    return [delta for delta in deltas if delta is not None]


class TestAnthropicMessages(AdapterContract):
    speaker = AnthropicSpeaker()

    @pytest.mark.parametrize(
        ("name", "text", "finish", "output_tokens"),
        [
            ("basic_response", "Hello there!", FinishReason.COMPLETE, 6),
            ("compaction_response", "Hello there!", FinishReason.COMPLETE, 8),
            ("refusal_response", "", FinishReason.REFUSAL, 0),
            ("thinking_then_refusal", "Hi", FinishReason.REFUSAL, 106),
            (
                "tool_use_response",
                "I'll check the current weather in Paris for you.",
                FinishReason.TOOL,
                65,
            ),
        ],
    )
    def test_a_recorded_stream_is_read(
        self, name: str, text: str, finish: FinishReason, output_tokens: int
    ) -> None:
        deltas = deltas_of(name)

        assert "".join(delta.text for delta in deltas) == text
        assert deltas[-1].finish is finish
        assert deltas[-1].usage.output_tokens == output_tokens
        assert deltas[-1].usage.source is UsageSource.FINAL

    def test_a_recorded_answer_at_its_limit_is_read(self) -> None:
        deltas = deltas_of("incomplete_partial_json_response")

        assert "".join(delta.text for delta in deltas).endswith("Let me do that for you now.")
        assert deltas[-1].finish is FinishReason.LENGTH
        assert (deltas[-1].usage.input_tokens, deltas[-1].usage.output_tokens) == (450, 124)

    def test_recorded_thinking_is_reasoning(self) -> None:
        deltas = deltas_of("thinking_then_refusal")

        assert "".join(delta.reasoning for delta in deltas).startswith("Simple educational")
        assert deltas[-1].usage.reasoning_tokens == 67

    async def test_the_body_is_what_the_messages_api_wants(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())
        turns = (
            Turn(role=Role.USER, parts=(PdfPart(name="a.pdf", data=b"%PDF", pages=2),)),
            Turn(role=Role.ASSISTANT, parts=(TextPart(text="Seen."),)),
            Turn(role=Role.USER, parts=(TextPart(text="And?"),)),
        )

        await self.ask(upstream, self.request(turns=turns, system="Be brief."))

        document = {
            "type": "document",
            "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERg=="},
            "title": "a.pdf",
        }
        assert upstream.asked[0].headers["anthropic-version"] == "2023-06-01"
        assert upstream.asked[0].body == {
            "model": "some-model",
            "system": "Be brief.",
            "messages": [
                {"role": "user", "content": [document]},
                {"role": "assistant", "content": [{"type": "text", "text": "Seen."}]},
                {"role": "user", "content": [{"type": "text", "text": "And?"}]},
            ],
            "max_tokens": 1_000,
            "stream": True,
            "metadata": {"user_id": "pw_5f0c2b7d9a"},
            "thinking": {"type": "adaptive", "display": "summarized"},
        }
