"""What can go wrong with a provider, and how every adapter must take it."""

import pytest
from pytest_django import Settings

from bluegpt.core.errors import BlueError
from bluegpt.providers.errors import (
    ContextTooLong,
    MalformedReply,
    ModelUnavailable,
    ProviderBusy,
    ProviderDown,
    ProviderMisconfigured,
    RequestRejected,
    StreamCut,
)
from bluegpt.providers.types.usage import UsageSource
from tests.providers.harness import AdapterHarness, hurry
from tests.providers.making import API_KEY, QUESTION, clearance
from tests.providers.speakers import COMPLETE, Counts
from tests.providers.upstream import Cut, Refusal, Stall, Upstream


class FaultContract(AdapterHarness):
    """Each fault has one name for all providers; what had arrived is passed on before it."""

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("key", ProviderMisconfigured),
            ("quota", ProviderMisconfigured),
            ("context", ContextTooLong),
            ("overloaded", ProviderBusy),
            ("bad", RequestRejected),
        ],
    )
    async def test_a_refusal_is_understood_and_repeats_nothing(
        self, upstream: Upstream, kind: str, expected: type[BlueError]
    ) -> None:
        status, body = self.speaker.refuse(kind, f"{QUESTION} {API_KEY}")
        upstream.refuse(Refusal(status=status, body=body))

        heard = await self.ask(upstream)

        assert type(heard.error) is expected
        assert heard.deltas == []
        told = f"{heard.error!r} {heard.error} {getattr(heard.error, '__notes__', '')}"
        assert QUESTION not in told
        assert API_KEY not in told

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (301, ProviderMisconfigured),
            (403, ProviderMisconfigured),
            (404, ModelUnavailable),
            (408, ProviderDown),
            (413, RequestRejected),
            (422, RequestRejected),
            (500, ProviderDown),
            (502, ProviderDown),
            (529, ProviderBusy),
        ],
    )
    async def test_a_status_alone_is_understood_and_never_asked_twice(
        self, upstream: Upstream, status: int, expected: type[BlueError]
    ) -> None:
        upstream.refuse(Refusal(status=status, body=b"<html>", content_type="text/html"))

        heard = await self.ask(upstream)

        assert type(heard.error) is expected
        assert len(upstream.asked) == 1

    async def test_a_busy_provider_says_when_to_come_back(self, upstream: Upstream) -> None:
        upstream.refuse(Refusal(status=429, body=b"{}", headers={"Retry-After": "17"}))

        heard = await self.ask(upstream)

        assert isinstance(heard.error, ProviderBusy)
        assert heard.error.retry_after_s == 17

    async def test_a_page_in_place_of_a_stream_is_malformed(self, upstream: Upstream) -> None:
        upstream.refuse(Refusal(status=200, body=b"<html>", content_type="text/html"))

        heard = await self.ask(upstream)

        assert isinstance(heard.error, MalformedReply)

    @pytest.mark.parametrize(
        ("kind", "expected"), [("overloaded", ProviderBusy), ("context", ContextTooLong)]
    )
    async def test_an_error_inside_the_stream_comes_after_what_arrived(
        self, upstream: Upstream, kind: str, expected: type[BlueError]
    ) -> None:
        upstream.play(self.speaker.begin(), self.speaker.say("Half"), self.speaker.fail(kind))

        heard = await self.ask(upstream)

        assert heard.text == "Half"
        assert heard.usage.output_tokens > 0
        assert "SECRET" not in f"{heard.error!r} {getattr(heard.error, '__notes__', '')}"
        assert type(heard.error) is expected

    @pytest.mark.parametrize("breaks", [Cut(), b""], ids=["reset", "quiet end"])
    async def test_a_stream_without_its_end_is_cut(
        self, upstream: Upstream, breaks: Cut | bytes
    ) -> None:
        upstream.play(self.speaker.begin(), self.speaker.say("Half"), breaks)

        heard = await self.ask(upstream)

        assert isinstance(heard.error, StreamCut)
        assert heard.text == "Half"

    async def test_a_stream_that_is_cut_inside_an_event_is_cut(self, upstream: Upstream) -> None:
        upstream.play(
            self.speaker.begin(), self.speaker.say("Half"), self.speaker.say("more")[:-12]
        )

        heard = await self.ask(upstream)

        assert isinstance(heard.error, StreamCut)
        assert heard.text == "Half"

    async def test_a_silent_provider_is_down(self, upstream: Upstream, settings: Settings) -> None:
        hurry(settings)
        upstream.play(Stall())

        heard = await self.ask(upstream)

        assert isinstance(heard.error, ProviderDown)

    async def test_a_stream_that_stalls_is_cut(
        self, upstream: Upstream, settings: Settings
    ) -> None:
        hurry(settings)
        upstream.play(self.speaker.begin(), self.speaker.say("Half"), Stall())

        heard = await self.ask(upstream)

        assert isinstance(heard.error, StreamCut)
        assert heard.text == "Half"

    async def test_nobody_listening_is_down(self, upstream: Upstream) -> None:
        nowhere = self.route("http://127.0.0.1:9")

        with pytest.raises(ProviderDown):
            await anext(
                type(self)
                .speaker.adapter(nowhere)
                .chat(self.request(), clearance=clearance(self.speaker.provider))
            )

    @pytest.mark.parametrize("odd", [b"data: {half\n\n", b"data: [1]\n\n", b"data: 7\n\n"])
    async def test_an_event_that_cannot_be_read_is_malformed(
        self, upstream: Upstream, odd: bytes
    ) -> None:
        upstream.play(self.speaker.begin(), self.speaker.say("Half"), odd, self.speaker.say("x"))

        heard = await self.ask(upstream)

        assert isinstance(heard.error, MalformedReply)
        assert heard.text == "Half"

    async def test_a_whole_answer_without_its_count_is_estimated_and_marked_as_missing(
        self, upstream: Upstream
    ) -> None:
        upstream.play(
            self.speaker.begin(),
            self.speaker.say("Three hundred metres."),
            self.speaker.end(COMPLETE, None),
        )

        heard = await self.ask(upstream)

        assert heard.error is None
        assert heard.usage.source is UsageSource.MISSING
        assert heard.usage.output_tokens >= 4
        assert heard.usage.context_tokens > 0

    @pytest.mark.parametrize(
        "counts",
        [Counts(output=-5), Counts(input=-500), Counts(output=2_001), Counts(input=900_000)],
        ids=["negative output", "negative input", "absurd output", "absurd input"],
    )
    async def test_a_count_that_cannot_be_true_is_handed_on_as_doubtful_and_the_answer_kept(
        self, upstream: Upstream, counts: Counts
    ) -> None:
        upstream.play(
            self.speaker.begin(), self.speaker.say("Half"), self.speaker.end(COMPLETE, counts)
        )

        heard = await self.ask(upstream)

        assert heard.error is None
        assert (heard.text, heard.deltas[-1].finish) == ("Half", COMPLETE)
        assert heard.usage.source is UsageSource.DOUBTFUL
        odd = {counts.output, counts.input, counts.input + counts.cached}
        assert odd & {number for _name, number in heard.usage.reported}
        assert 0 < heard.usage.output_tokens <= 1_000
        assert 0 < heard.usage.context_tokens < 10_000
