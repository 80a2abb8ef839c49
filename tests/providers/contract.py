"""What every adapter must do, whatever wire it speaks: run by one test class per wire."""

import asyncio
import json
from contextlib import aclosing
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage, UsageSource
from tests.providers.faults import FaultContract
from tests.providers.making import API_KEY, PAIRWISE_ID, clearance, request
from tests.providers.speakers import COMPLETE, Counts
from tests.providers.upstream import Stall, Upstream

PICTURE = ImagePart(media_type="image/png", data=b"\x89PNG picture", width_px=640, height_px=480)


class AdapterContract(FaultContract):
    """Subclasses name a speaker; everything here, and every fault, must hold for it."""

    sends_pairwise_id = True
    no_store: tuple[tuple[str, object], ...] = ()

    async def test_an_answer_comes_with_text_reasoning_reason_and_final_usage(
        self, upstream: Upstream
    ) -> None:
        upstream.play(self.speaker.whole())

        heard = await self.ask(upstream)

        assert heard.error is None
        assert heard.text == "Trois cents mètres 🗼."
        assert heard.reasoning == "Let me see… "
        assert heard.deltas[-1].finish is COMPLETE
        assert heard.deltas[-1].response_id == "answer-1"
        assert heard.usage == Usage(
            input_tokens=100,
            cached_input_tokens=20,
            output_tokens=40,
            reasoning_tokens=7 if self.speaker.tells_reasoning_apart else 0,
            source=UsageSource.FINAL,
        )

    async def test_only_the_last_delta_says_why_the_answer_ended(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        heard = await self.ask(upstream)

        assert [delta.finish for delta in heard.deltas[:-1]] == [None] * (len(heard.deltas) - 1)

    async def test_usage_is_never_empty_and_grows_until_the_provider_counts(
        self, upstream: Upstream
    ) -> None:
        words = [self.speaker.say("word ") for _ in range(20)]
        upstream.play(self.speaker.begin(), *words, self.speaker.end(COMPLETE, Counts()))

        heard = await self.ask(upstream)

        outputs = [delta.usage.output_tokens for delta in heard.deltas[:-1]]
        assert outputs == sorted(outputs)
        assert outputs[-2] >= 20
        assert all(delta.usage.context_tokens > 0 for delta in heard.deltas)
        assert heard.deltas[5].usage.source is not UsageSource.FINAL

    @pytest.mark.parametrize("finish", [FinishReason.LENGTH, FinishReason.REFUSAL])
    async def test_other_ends_are_told_apart(
        self, upstream: Upstream, finish: FinishReason
    ) -> None:
        upstream.play(
            self.speaker.begin(), self.speaker.say("Half"), self.speaker.end(finish, Counts())
        )

        heard = await self.ask(upstream)

        assert (heard.error, heard.deltas[-1].finish) == (None, finish)

    async def test_closing_the_iterator_closes_the_connection_at_once(
        self, upstream: Upstream
    ) -> None:
        upstream.play(self.speaker.begin(), self.speaker.say("Half"), Stall())
        stream = self.adapter(upstream).chat(
            self.request(), clearance=clearance(self.speaker.provider)
        )
        async for delta in stream:
            if delta.text:
                break

        await stream.aclose()

        async with asyncio.timeout(2):
            await upstream.gone.wait()

    async def test_a_cancelled_reader_closes_the_connection_at_once(
        self, upstream: Upstream
    ) -> None:
        upstream.play(self.speaker.begin(), self.speaker.say("Half"), Stall())
        task = asyncio.create_task(self.ask(upstream))
        await upstream.stalled.wait()

        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(2):
            await upstream.gone.wait()

    async def test_a_connection_serves_one_answer_after_the_other(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        await self.ask(upstream)
        await self.ask(upstream)

        assert upstream.asked[0].peer == upstream.asked[1].peer

    async def test_nobody_is_named_but_by_the_pairwise_id(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())
        cleared = clearance(self.speaker.provider)

        async with aclosing(self.adapter(upstream).chat(self.request(), clearance=cleared)) as all:
            assert [delta async for delta in all]

        sent = upstream.asked[0].raw.decode() + json.dumps(dict(upstream.asked[0].headers))
        assert (PAIRWISE_ID in sent) is self.sends_pairwise_id
        assert str(cleared.person_id) not in sent
        assert "@" not in sent

    async def test_the_key_travels_in_a_header_only(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        await self.ask(upstream)

        [asked] = upstream.asked
        assert asked.path == self.speaker.path
        assert API_KEY not in asked.path
        assert API_KEY.encode() not in asked.raw
        assert any(API_KEY in value for value in asked.headers.values())

    async def test_every_switch_against_storage_is_used(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        await self.ask(upstream)

        body = upstream.asked[0].body
        assert {name: body.get(name) for name, _ in self.no_store} == dict(self.no_store)

    async def test_a_picture_travels_as_data(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        await self.ask(upstream, request(self.speaker.provider, PICTURE))

        assert b"iVBORyBwaWN0dXJl"[:8] in upstream.asked[0].raw

    async def test_the_system_prompt_is_sent_once(self, upstream: Upstream) -> None:
        upstream.play(self.speaker.whole())

        await self.ask(upstream, self.request(system="Answer in Latin."))

        assert upstream.asked[0].raw.count(b"Answer in Latin.") == 1

    async def test_no_clearance_no_call(self, upstream: Upstream) -> None:
        adapter, asked = self.adapter(upstream), self.request()

        with pytest.raises(TypeError):
            adapter.chat(asked, clearance="yes")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="another recipient"):
            adapter.chat(asked, clearance=clearance("somebody-else"))
        with pytest.raises(ValueError, match="content"):
            adapter.chat(
                asked, clearance=clearance(self.speaker.provider, data_classes=frozenset())
            )
        assert upstream.asked == []

    def test_any_split_in_two_gives_the_same_deltas(self) -> None:
        whole = self.speaker.whole()
        expected = self.deltas([whole])

        for place in range(1, len(whole)):
            assert self.deltas([whole[:place], whole[place:]]) == expected

    @given(data=st.data())
    @how(max_examples=40, suppress_health_check=[HealthCheck.differing_executors])
    def test_any_split_gives_the_same_deltas(self, data: st.DataObject) -> None:
        ending = data.draw(st.sampled_from([b"\n", b"\r\n", b"\r"]))
        whole = self.speaker.whole().replace(b"\n", ending)
        places = sorted(data.draw(st.sets(st.integers(1, len(whole) - 1))))
        bounds = [0, *places, len(whole)]
        chunks = [whole[a:b] for a, b in pairwise(bounds)]

        assert self.deltas(chunks) == self.deltas([self.speaker.whole()])
