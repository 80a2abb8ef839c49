"""OpenAI's Responses API: the contract, the published description, and what is its own."""

import json

from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.turns import PdfPart, Role, TextPart, Turn
from tests.providers.contract import PICTURE, AdapterContract
from tests.providers.openai_schema import check_request
from tests.providers.speakers import COMPLETE, Counts, OpenAIResponsesSpeaker
from tests.providers.upstream import Refusal, Upstream


class TestOpenAIResponses(AdapterContract):
    speaker = OpenAIResponsesSpeaker()
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
        check_request("CreateResponse", body)
        assert body["input"][0]["content"][1]["filename"] == "plan.pdf"
        assert body["reasoning"] == {"summary": "auto"}
        assert body["max_output_tokens"] == 1_000

    async def test_an_account_without_summaries_is_asked_without_them(
        self, upstream: Upstream
    ) -> None:
        error = {"message": "verify", "type": "invalid_request_error", "param": "reasoning.summary"}
        upstream.refuse(Refusal(status=400, body=json.dumps({"error": error}).encode()))
        upstream.play(self.speaker.whole())

        heard = await self.ask(upstream)

        assert heard.error is None
        assert [("reasoning" in asked.body) for asked in upstream.asked] == [True, False]

    async def test_a_written_refusal_is_text_and_told_as_one(self, upstream: Upstream) -> None:
        refusal = self.speaker.named("response.refusal.delta", delta="I cannot.", content_index=0)
        upstream.play(self.speaker.begin(), refusal, self.speaker.end(COMPLETE, Counts()))

        heard = await self.ask(upstream)

        assert (heard.text, heard.deltas[-1].finish) == ("I cannot.", FinishReason.REFUSAL)

    async def test_the_parts_of_a_summary_stand_apart(self, upstream: Upstream) -> None:
        parts = [
            self.speaker.named("response.reasoning_summary_part.added", summary_index=index)
            + self.speaker.named(
                "response.reasoning_summary_text.delta", summary_index=index, delta=f"Part {index}"
            )
            for index in (0, 1)
        ]
        upstream.play(self.speaker.begin(), *parts, self.speaker.end(COMPLETE, Counts()))

        heard = await self.ask(upstream)

        assert heard.reasoning == "Part 0\n\nPart 1"
