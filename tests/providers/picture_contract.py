"""What every adapter of pictures must do, whatever wire it speaks: a test class per wire."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from bluegpt.core.errors import BlueError
from bluegpt.core.personal_data import DataClass
from bluegpt.providers.adapters import picture_replies
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.errors import PromptRefused
from bluegpt.providers.types.models import Canvas, Route
from bluegpt.providers.types.pictures import Drawn, PictureAdapter, PictureFormat, PictureRequest
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage, UsageSource
from tests.providers.harness import hurry
from tests.providers.making import API_KEY, PAIRWISE_ID, clearance, model
from tests.providers.painters import BY_PIECE, Painter
from tests.providers.upstream import Cut, Refusal, Stall, Upstream, running

PROMPT = "A red house by a secret lake"
FILE = b"\x89PNG as it came"
GIVEN = ImagePart(media_type="image/png", data=b"\x89PNG given", width_px=64, height_px=64)
COUNTS = (30, 0, 280)


class PictureContract:
    """Subclasses name a painter; everything here must hold for it."""

    painter: Painter

    @pytest.fixture
    async def upstream(self) -> AsyncIterator[Upstream]:
        async with running() as upstream:
            yield upstream
            await close_clients()

    def adapter(self, upstream: Upstream) -> PictureAdapter:
        base_url = upstream.base_url + self.painter.base_path
        route = Route(wire=self.painter.wire, base_url=base_url, api_key=API_KEY)
        return type(self).painter.adapter(route)

    def request(self, **changes: Any) -> PictureRequest:
        canvas = Canvas(size="1024x1024", tokens_max=(("low", 300),))
        asked = PictureRequest(
            model=model(self.painter.provider, canvases=(canvas,), rates=self.painter.rates),
            prompt=PROMPT,
            number=1,
            size="1024x1024",
            quality="low",
            background="auto",
            format=PictureFormat.PNG,
            input_tokens=80,
            output_tokens=300,
        )
        return replace(asked, **changes)

    async def draw(self, upstream: Upstream, **changes: Any) -> Drawn:
        """What comes at the end. Raises what the adapter raises."""
        cleared = clearance(self.painter.provider)
        steps = self.adapter(upstream).draw(self.request(**changes), clearance=cleared)
        last = [step async for step in steps][-1]
        assert isinstance(last, Drawn)
        return last

    @property
    def is_by_the_piece(self) -> bool:
        return self.painter.rates is BY_PIECE

    async def test_a_picture_comes_as_it_is_and_is_counted(self, upstream: Upstream) -> None:
        upstream.refuse(self.painter.reply([FILE], COUNTS))

        drawn = await self.draw(upstream)

        assert (drawn.files, drawn.refused) == ((FILE,), 0)
        assert FILE.decode("latin-1") not in repr(drawn)
        counted = Usage(
            input_tokens=30,
            output_tokens=280,
            image_output_tokens=280,
            source=UsageSource.FINAL,
        )
        pieces = Usage(pictures=1, source=UsageSource.FINAL)
        assert drawn.usage == (pieces if self.is_by_the_piece else counted)
        assert upstream.asked[0].path == self.painter.path

    async def test_several_pictures_are_paid_for_together(self, upstream: Upstream) -> None:
        at_once = 1 if self.painter.is_one_at_a_time else 3
        upstream.refuse(self.painter.reply([FILE] * at_once, (30, 0, 280 * at_once)))

        drawn = await self.draw(upstream, number=3, input_tokens=240, output_tokens=900)

        assert drawn.files == (FILE,) * 3
        assert len(upstream.asked) == 3 // at_once
        if self.is_by_the_piece:
            assert drawn.usage.pictures == 3
        else:
            assert drawn.usage.image_output_tokens == 3 * 280
            assert drawn.usage.source is UsageSource.FINAL

    async def test_what_is_given_travels_as_data_and_is_counted_apart(
        self, upstream: Upstream
    ) -> None:
        upstream.refuse(self.painter.reply([FILE], (30, 50, 280)))

        drawn = await self.draw(upstream, references=(GIVEN, GIVEN))

        [asked] = upstream.asked
        assert asked.path == self.painter.edit_path
        data = b64encode(GIVEN.data) if asked.body else GIVEN.data
        assert asked.raw.count(data) == 2
        assert self.is_by_the_piece or drawn.usage.image_input_tokens == 50

    async def test_nobody_is_named_and_the_key_travels_in_a_header(
        self, upstream: Upstream
    ) -> None:
        upstream.refuse(self.painter.reply([FILE], COUNTS))
        cleared = clearance(self.painter.provider)

        steps = self.adapter(upstream).draw(self.request(), clearance=cleared)
        assert [step async for step in steps]

        [asked] = upstream.asked
        sent = asked.raw.decode() + json.dumps(dict(asked.headers))
        assert (PAIRWISE_ID in sent) is self.painter.names_who_asks
        assert str(cleared.person_id) not in sent
        assert API_KEY not in asked.path + asked.raw.decode()
        assert any(API_KEY in value for value in asked.headers.values())

    async def test_a_safety_system_is_named_as_that_and_gives_no_reason_of_ours(
        self, upstream: Upstream
    ) -> None:
        upstream.refuse(self.painter.kept_back())

        with pytest.raises(PromptRefused) as refused:
            await self.draw(upstream)

        assert refused.value.usage is None
        assert len(upstream.asked) == 1

    @pytest.mark.parametrize(
        ("status", "code", "message", "expected"),
        [
            (400, "INVALID", f"No: {PROMPT}", "provider_rejected"),
            (400, "refused", "Generated image rejected by content moderation", "prompt_refused"),
            (401, "UNAUTHENTICATED", f"Bad key {API_KEY}", "provider_misconfigured"),
            (403, "PERMISSION_DENIED", "", "provider_misconfigured"),
            (404, "NOT_FOUND", "", "model_unavailable"),
            (429, "RESOURCE_EXHAUSTED", "", "provider_busy"),
            (500, "INTERNAL", "our safety system is down", "provider_down"),
            (503, "UNAVAILABLE", "", "provider_busy"),
            (302, "", "", "provider_misconfigured"),
        ],
    )
    async def test_a_refusal_is_understood_repeats_nothing_and_is_not_asked_again(
        self, upstream: Upstream, status: int, code: str, message: str, expected: str
    ) -> None:
        upstream.refuse(self.painter.complaint(status, code, message))

        with pytest.raises(BlueError) as failed:
            await self.draw(upstream)

        assert failed.value.code == expected
        told = f"{failed.value!r} {failed.value} {getattr(failed.value, '__notes__', '')}"
        assert PROMPT not in told
        assert API_KEY not in told
        assert len(upstream.asked) == 1

    async def test_a_reply_that_is_not_the_picture_asked_for_is_malformed(
        self, upstream: Upstream
    ) -> None:
        bodies = [json.dumps(body).encode() for body in self.painter.broken()]
        for body in [*bodies, b"{half", b"<html>"]:
            upstream.refuse(Refusal(status=200, body=body))

        for body in [*bodies, b"{half", b"<html>"]:
            with pytest.raises(BlueError) as failed:
                await self.draw(upstream)
            assert failed.value.code == "malformed_reply", body

    @pytest.mark.parametrize(
        ("counts", "source"),
        [
            (None, UsageSource.MISSING),
            ((30, 0, 0), UsageSource.MISSING),
            ((30, 0, -1), UsageSource.DOUBTFUL),
            ((30, 0, 601), UsageSource.DOUBTFUL),
            ((10**9, 0, 280), UsageSource.DOUBTFUL),
        ],
    )
    async def test_a_count_that_cannot_be_believed_is_ours_and_marked(
        self, upstream: Upstream, counts: tuple[int, int, int] | None, source: UsageSource
    ) -> None:
        upstream.refuse(self.painter.reply([FILE], counts))

        usage = (await self.draw(upstream)).usage

        if self.is_by_the_piece:
            assert usage == Usage(pictures=1, source=UsageSource.FINAL)
        else:
            assert usage.source is source
            assert (usage.input_tokens, usage.image_output_tokens) == (80, 300)

    async def test_a_reply_without_end_is_not_read_to_its_end(
        self, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(picture_replies, "REPLY_BYTES_MAX", 1_000)
        upstream.refuse(Refusal(status=200, body=b"x" * 1_200))

        with pytest.raises(BlueError) as failed:
            await self.draw(upstream)

        assert failed.value.code == "malformed_reply"

    @pytest.mark.parametrize(
        ("end", "code"), [(Cut(), "stream_cut"), (Stall(), "stream_cut"), (None, "provider_down")]
    )
    async def test_a_reply_that_breaks_off_and_one_that_never_begins_are_told_apart(
        self, upstream: Upstream, settings: Settings, end: Cut | Stall | None, code: str
    ) -> None:
        hurry(settings)
        upstream.play(*((b'{"data": [', end) if end is not None else (Stall(),)))
        upstream.content_type = "application/json"
        upstream.holds_head = end is None

        with pytest.raises(BlueError) as failed:
            await self.draw(upstream)

        assert failed.value.code == code

    async def test_cancelling_closes_the_connection(self, upstream: Upstream) -> None:
        upstream.play(b'{"data": [', Stall())
        upstream.content_type = "application/json"
        drawing = asyncio.create_task(self.draw(upstream))
        await upstream.stalled.wait()

        drawing.cancel()

        with pytest.raises(asyncio.CancelledError):
            await drawing
        await asyncio.wait_for(upstream.gone.wait(), 5)

    async def test_nothing_leaves_without_a_fitting_clearance(self, upstream: Upstream) -> None:
        other = clearance("somebody-else")
        bare = clearance(self.painter.provider, data_classes=frozenset({DataClass.METERING}))

        for cleared in (other, bare):
            with pytest.raises(ValueError, match="clearance"):
                await anext(self.adapter(upstream).draw(self.request(), clearance=cleared))
        assert upstream.asked == []
