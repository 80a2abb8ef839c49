"""Chat Completions, at OpenAI and at servers that are merely compatible."""

import pytest

from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.turns import PdfPart, Role, TextPart, Turn
from bluegpt.providers.types.usage import UsageSource
from tests.providers.contract import PICTURE, AdapterContract
from tests.providers.making import API_KEY
from tests.providers.openai_schema import check_request
from tests.providers.speakers import COMPLETE, Counts, OpenAIChatSpeaker
from tests.providers.upstream import Upstream


class TestOpenAIChat(AdapterContract):
    speaker = OpenAIChatSpeaker()
    no_store = (("store", False),)

    async def test_the_body_is_valid_by_the_published_description(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())
        pdf = PdfPart(name="plan.pdf", data=b"%PDF", pages=2)
        turns = (
            Turn(role=Role.USER, parts=(PICTURE, pdf, TextPart(text="Look."))),
            Turn(role=Role.ASSISTANT, parts=(TextPart(text="Seen."),)),
            Turn(role=Role.USER, parts=(TextPart(text="And?"),)),
        )

        await self.ask(upstream, self.request(turns=turns, system="Be brief."))

        body = upstream.asked[0].body
        check_request("CreateChatCompletionRequest", body)
        assert body["messages"][0] == {"role": "developer", "content": "Be brief."}
        assert body["max_completion_tokens"] == 1_000
        assert "temperature" not in body

    async def test_usage_is_always_asked_for(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        await self.ask(upstream)

        assert upstream.asked[0].body["stream_options"] == {"include_usage": True}

    async def test_a_written_refusal_is_text_and_told_as_one(self, upstream: Upstream) -> None:
        refusal = self.speaker.chunk({"refusal": "I cannot."})
        upstream.play(self.speaker.begin(), refusal, self.speaker.end(COMPLETE, Counts()))

        heard = await self.ask(upstream)

        assert (heard.text, heard.deltas[-1].finish) == ("I cannot.", FinishReason.REFUSAL)

    async def test_an_answer_that_is_whole_needs_no_done(self, upstream: Upstream) -> None:
        ending = self.speaker.end(COMPLETE, Counts()).removesuffix(b"data: [DONE]\n\n")
        upstream.play(self.speaker.begin(), self.speaker.say("Whole."), ending)

        heard = await self.ask(upstream)

        assert (heard.error, heard.usage.source) == (None, UsageSource.FINAL)

    async def test_the_first_of_two_counts_stands(self, upstream: Upstream) -> None:
        done = b"data: [DONE]\n\n"
        first = self.speaker.end(COMPLETE, Counts(output=40)).removesuffix(done)
        upstream.play(self.speaker.begin(), first, self.speaker.end(COMPLETE, Counts(output=90)))

        heard = await self.ask(upstream)

        assert heard.usage.output_tokens == 40

    async def test_an_answer_without_a_reason_for_its_end_is_malformed(
        self, upstream: Upstream
    ) -> None:
        upstream.play(self.speaker.begin(), self.speaker.say("Hm"), b"data: [DONE]\n\n")

        heard = await self.ask(upstream)

        assert heard.error is not None
        assert heard.error.code == "malformed_reply"


class TestCompatibleServers(AdapterContract):
    """The same wire with the fields that every compatible server understands."""

    speaker = OpenAIChatSpeaker()

    def route(self, origin: str) -> Route:
        return Route(
            wire=self.speaker.wire, base_url=f"{origin}/v1", api_key=API_KEY, is_portable=True
        )

    async def test_only_fields_that_everybody_knows_are_sent(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        await self.ask(upstream, self.request(system="Be brief."))

        body = upstream.asked[0].body
        assert body.keys() == {
            "model",
            "messages",
            "stream",
            "stream_options",
            "max_tokens",
            "user",
        }
        assert body["messages"][0]["role"] == "system"

    @pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
    async def test_reasoning_has_two_names(self, upstream: Upstream, name: str) -> None:
        thought = self.speaker.chunk({name: "Hm."})
        upstream.play(self.speaker.begin(), thought, self.speaker.end(COMPLETE, Counts()))

        heard = await self.ask(upstream)

        assert heard.reasoning == "Hm."
