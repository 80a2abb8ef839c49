"""Google's Gemini API: the contract, and what is its own."""

from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.turns import PdfPart, Role, TextPart, Turn
from bluegpt.providers.types.usage import UsageSource
from tests.providers.contract import AdapterContract
from tests.providers.speakers import GoogleSpeaker, event
from tests.providers.upstream import Upstream


class TestGoogleGenerate(AdapterContract):
    speaker = GoogleSpeaker()
    sends_pairwise_id = False  # the API has no field for it
    no_store = (("store", False),)

    async def test_the_body_is_what_the_gemini_api_wants(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())
        turns = (
            Turn(role=Role.USER, parts=(PdfPart(name="a.pdf", data=b"%PDF", pages=2),)),
            Turn(role=Role.ASSISTANT, parts=(TextPart(text="Seen."),)),
            Turn(role=Role.USER, parts=(TextPart(text="And?"),)),
        )

        await self.ask(upstream, self.request(turns=turns, system="Be brief."))

        pdf = {"inlineData": {"mimeType": "application/pdf", "data": "JVBERg=="}}
        assert upstream.asked[0].headers["x-goog-api-key"]
        assert upstream.asked[0].body == {
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [
                {"role": "user", "parts": [pdf]},
                {"role": "model", "parts": [{"text": "Seen."}]},
                {"role": "user", "parts": [{"text": "And?"}]},
            ],
            "generationConfig": {
                "maxOutputTokens": 1_000,
                "thinkingConfig": {"includeThoughts": True},
            },
            "store": False,
        }

    async def test_a_blocked_prompt_is_a_refusal(self, upstream: Upstream) -> None:
        upstream.play(
            event(
                {
                    "promptFeedback": {"blockReason": "SAFETY"},
                    "usageMetadata": {"promptTokenCount": 30},
                }
            )
        )

        heard = await self.ask(upstream)

        assert (heard.error, heard.deltas[-1].finish) == (None, FinishReason.REFUSAL)
        assert (heard.usage.input_tokens, heard.usage.output_tokens) == (30, 0)
        assert heard.usage.source is UsageSource.FINAL
