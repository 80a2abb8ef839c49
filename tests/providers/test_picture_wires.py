"""Every adapter of pictures by the shared contract, and what only one of them does."""

from typing import Any

import pytest

from bluegpt.providers.errors import NoPicture, PromptRefused
from bluegpt.providers.rules.shapes import resolution_of, shape_of
from bluegpt.providers.types.models import DrawingSkills
from bluegpt.providers.types.usage import Usage, UsageSource
from tests.providers.making import model
from tests.providers.painters import GooglePainter, OpenAIPainter, XaiPainter, as_reply, base64
from tests.providers.picture_contract import COUNTS, FILE, GIVEN, PictureContract
from tests.providers.upstream import Upstream


class TestOpenAI(PictureContract):
    painter = OpenAIPainter()


class TestGoogle(PictureContract):
    painter = GooglePainter()

    async def test_it_is_asked_for_a_picture_of_a_shape(self, upstream: Upstream) -> None:
        upstream.refuse(self.painter.reply([FILE], COUNTS))

        await self.draw(upstream, size="2752x1536", references=(GIVEN,))
        await self.draw(upstream, size="1024x1024")
        await self.draw(upstream, size="auto")

        first, second, third = (asked.body for asked in upstream.asked)
        assert first["generationConfig"] == {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
        }
        assert first["store"] is False
        [content] = first["contents"]
        assert [list(part) for part in content["parts"]] == [["inlineData"], ["text"]]
        assert second["generationConfig"]["imageConfig"] == {"aspectRatio": "1:1"}
        assert "imageConfig" not in third["generationConfig"]

    @pytest.mark.parametrize(
        ("told", "error", "code"),
        [
            ({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, PromptRefused, "PROHIB"),
            ({"candidates": [{"finishReason": "IMAGE_SAFETY"}]}, PromptRefused, "IMAGE_SAFETY"),
            ({"candidates": [{"finishReason": "NO_IMAGE"}]}, NoPicture, ""),
            ({"candidates": [{"finishReason": "IMAGE_OTHER"}]}, NoPicture, ""),
            ({}, NoPicture, ""),
        ],
    )
    async def test_an_end_without_a_picture_says_what_it_is_billed(
        self, upstream: Upstream, told: Any, error: type[PromptRefused] | type[NoPicture], code: str
    ) -> None:
        counted = {"promptTokenCount": 30, "thoughtsTokenCount": 12}
        upstream.refuse(as_reply(told | {"usageMetadata": counted}))

        with pytest.raises((PromptRefused, NoPicture)) as ended:
            await self.draw(upstream)

        assert type(ended.value) is error
        assert ended.value.usage == Usage(
            input_tokens=30, output_tokens=12, reasoning_tokens=12, source=UsageSource.FINAL
        )
        if isinstance(ended.value, PromptRefused):
            assert ended.value.provider_code.startswith(code)

    @pytest.mark.parametrize("count", [-1, 10**12, "many"])
    async def test_a_refusal_with_a_count_beyond_belief_is_billed_nothing(
        self, upstream: Upstream, count: object
    ) -> None:
        told = {"candidates": [{"finishReason": "IMAGE_SAFETY"}]}
        upstream.refuse(as_reply(told | {"usageMetadata": {"promptTokenCount": count}}))

        with pytest.raises(PromptRefused) as refused:
            await self.draw(upstream)

        assert refused.value.usage is None

    async def test_a_picture_that_is_kept_back_leaves_the_others(self, upstream: Upstream) -> None:
        kept_back = {"candidates": [{"finishReason": "IMAGE_SAFETY"}]}
        upstream.refuse(as_reply(kept_back | {"usageMetadata": {"promptTokenCount": 30}}))
        upstream.refuse(self.painter.reply([FILE], COUNTS))

        drawn = await self.draw(upstream, number=3, input_tokens=240, output_tokens=900)

        assert (len(drawn.files), drawn.refused) == (2, 1)
        assert (drawn.usage.input_tokens, drawn.usage.image_output_tokens) == (90, 560)

    async def test_when_all_are_kept_back_all_that_is_billed_is_told(
        self, upstream: Upstream
    ) -> None:
        kept_back = {"candidates": [{"finishReason": "IMAGE_SAFETY"}]}
        upstream.refuse(as_reply(kept_back | {"usageMetadata": {"promptTokenCount": 30}}))

        with pytest.raises(PromptRefused) as refused:
            await self.draw(upstream, number=3, input_tokens=240)

        assert refused.value.usage
        assert refused.value.usage.input_tokens == 90

    async def test_thoughts_on_the_way_are_no_pictures_and_are_counted(
        self, upstream: Upstream
    ) -> None:
        thought = {"inlineData": {"mimeType": "image/png", "data": base64(b"no")}, "thought": True}
        real = {"inlineData": {"mimeType": "image/jpeg", "data": base64(FILE)}}
        parts = [{"text": "Thinking"}, thought, real, {"text": "There."}]
        body = {"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]}
        counted = {"promptTokenCount": 30, "candidatesTokenCount": 280, "thoughtsTokenCount": 500}
        upstream.refuse(as_reply(body | {"usageMetadata": counted}))
        thinks = model("google", drawing=DrawingSkills(aside_tokens_max=400))

        drawn = await self.draw(upstream, model=thinks)

        assert drawn.files == (FILE,)
        assert drawn.usage.source is UsageSource.FINAL
        assert (drawn.usage.image_output_tokens, drawn.usage.reasoning_tokens) == (280, 500)


class TestXai(PictureContract):
    painter = XaiPainter()

    async def test_it_is_asked_for_a_shape_and_given_data(self, upstream: Upstream) -> None:
        upstream.refuse(self.painter.reply([FILE], None))

        await self.draw(upstream, size="1344x768", references=(GIVEN,))
        await self.draw(upstream, size="auto", references=(GIVEN, GIVEN))

        one, two = (asked.body for asked in upstream.asked)
        assert (one["aspect_ratio"], one["resolution"]) == ("16:9", "1k")
        assert one["response_format"] == "b64_json"
        assert one["image"]["url"].startswith("data:image/png;base64,")
        assert "image" not in two
        assert len(two["images"]) == 2
        assert "aspect_ratio" not in two

    async def test_a_refusal_that_is_billed_says_so(self, upstream: Upstream) -> None:
        kept_back = [{"respect_moderation": False}] * 2
        upstream.refuse(as_reply({"data": kept_back, "usage": {"cost_in_usd_ticks": 400_000_000}}))

        with pytest.raises(PromptRefused) as refused:
            await self.draw(upstream, number=2)

        assert refused.value.usage == Usage(pictures=2, source=UsageSource.FINAL)

    async def test_a_picture_that_is_kept_back_leaves_the_others(self, upstream: Upstream) -> None:
        data = [{"respect_moderation": False}, {"b64_json": base64(FILE)}]
        upstream.refuse(as_reply({"data": data}))

        drawn = await self.draw(upstream, number=2)

        assert (drawn.files, drawn.refused, drawn.usage.pictures) == ((FILE,), 1, 1)

    async def test_an_empty_reply_is_no_picture(self, upstream: Upstream) -> None:
        upstream.refuse(as_reply({"data": []}))

        with pytest.raises(NoPicture):
            await self.draw(upstream)


@pytest.mark.parametrize(
    ("size", "shape", "resolution"),
    [
        ("1024x1024", "1:1", "1K"),
        ("1376x768", "16:9", "1K"),
        ("848x1264", "2:3", "1K"),
        ("2400x1792", "4:3", "2K"),
        ("3072x5504", "9:16", "4K"),
        ("512x512", "1:1", "512"),
    ],
)
def test_sizes_have_names_on_wires_that_know_no_pixels(
    size: str, shape: str, resolution: str
) -> None:
    assert (shape_of(size), resolution_of(size)) == (shape, resolution)
