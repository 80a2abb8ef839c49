"""Mistral's chat completions: the contract, and what is its own."""

import pytest

from bluegpt.providers.errors import ProviderDown, RequestRejected
from bluegpt.providers.types.turns import PdfPart
from tests.providers.contract import AdapterContract
from tests.providers.making import clearance, request
from tests.providers.speakers import MistralSpeaker
from tests.providers.upstream import Upstream


class TestMistralChat(AdapterContract):
    speaker = MistralSpeaker()

    async def test_fields_are_those_that_mistral_knows(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        await self.ask(upstream, self.request(system="Be brief."))

        body = upstream.asked[0].body
        assert body.keys() == {"model", "messages", "stream", "max_tokens", "metadata"}
        assert body["messages"][0] == {"role": "system", "content": "Be brief."}

    async def test_content_in_pieces_is_put_together(self, upstream: Upstream) -> None:
        pieces = [{"type": "text", "text": "One "}, {"type": "text", "text": "two"}]
        upstream.play(self.speaker.chunk({"content": pieces}), self.speaker.whole())

        heard = await self.ask(upstream)

        assert heard.text.startswith("One two")

    async def test_a_documents_second_bill_is_not_run_up(self, upstream: Upstream) -> None:
        pdf = PdfPart(name="a.pdf", data=b"%PDF", pages=1)

        with pytest.raises(RequestRejected):
            self.adapter(upstream).chat(request("mistral", pdf), clearance=clearance("mistral"))

        assert upstream.asked == []

    async def test_a_finish_that_is_an_error_is_one(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.say("Half"), self.speaker.chunk({}, "error"))

        heard = await self.ask(upstream)

        assert (heard.text, type(heard.error)) == ("Half", ProviderDown)
