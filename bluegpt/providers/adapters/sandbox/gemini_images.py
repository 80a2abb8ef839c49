"""Google's models that draw: one picture to a reply, beside what was thought on the way there."""

import asyncio
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from itertools import count
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox import forms, google_errors
from bluegpt.providers.adapters.sandbox.fields import Fields, known
from bluegpt.providers.adapters.sandbox.forms import Upload
from bluegpt.providers.adapters.sandbox.picture_orders import (
    PROMPT_CHARS_MAX,
    Order,
    files,
    told_counts,
)
from bluegpt.providers.adapters.sandbox.switches import Switches

WIRE = "google_images"
THOUGHT_TOKENS = 24
GIVEN_MAX = 14
# The sizes at 1K; the others are multiples of them.
SHAPES = {
    "1:1": (1024, 1024),
    "3:2": (1264, 848),
    "2:3": (848, 1264),
    "4:3": (1200, 896),
    "3:4": (896, 1200),
    "5:4": (1152, 928),
    "4:5": (928, 1152),
    "16:9": (1376, 768),
    "9:16": (768, 1376),
    "21:9": (1584, 672),
}
_TIMES = {"512": 0.5, "1K": 1, "2K": 2, "4K": 4}
# Without a seed the same words give one of so many pictures, in turn: a reply holds but one.
_DIFFERENT = 8
_numbers = count()
_PLAIN = str.maketrans("-_", "+/")
_FIELDS = known("google_generate")


def read(body: Mapping[str, Any], model: str) -> Order:
    """The request for a picture. Raises a refusal in Google's words."""
    fields = Fields(body, google_errors.VOICE)
    fields.only(_FIELDS)
    config = fields.inner("generationConfig") or Fields({}, google_errors.VOICE)
    if "IMAGE" not in config.texts("responseModalities", most=3):
        raise config.refuse("responseModalities", "this model answers with pictures: ask for IMAGE")
    words, given = _parts(fields)
    prompt = "\n\n".join(words)
    if not prompt.strip() or len(prompt) > PROMPT_CHARS_MAX:
        raise fields.refuse("contents", f"expected 1 to {PROMPT_CHARS_MAX} characters of text")
    if len(given) > GIVEN_MAX:
        raise fields.refuse("contents", f"expected at most {GIVEN_MAX} pictures")
    seed = config.integer("seed", least=0) if config.has("seed") else None
    return Order(
        model=model,
        prompt=prompt,
        number=1,
        size=_size(config),
        seed=seed,
        first=next(_numbers) % _DIFFERENT if seed is None else 0,
        given=tuple(given),
    )


def _parts(fields: Fields) -> tuple[list[str], list[Upload]]:
    words, given = [], []
    for content in fields.each("contents"):
        for part in content.each("parts"):
            if part.has("text"):
                words.append(part.text("text"))
            elif (data := part.inner("inlineData")) is not None:
                given.append(_upload(data))
    return words, given


def _upload(data: Fields) -> Upload:
    # Bytes may come in either alphabet of base64: Google's own library has that for addresses.
    text = data.text("data").translate(_PLAIN)
    try:
        return forms.picture(b64decode(text, validate=True))
    except (NotBase64, ValueError):
        raise data.refuse("data", "the image cannot be read") from None


def _size(config: Fields) -> str:
    wanted = config.inner("imageConfig") or Fields({}, google_errors.VOICE)
    width, height = SHAPES[wanted.choice("aspectRatio", SHAPES, "1:1")]
    times = _TIMES[wanted.choice("imageSize", _TIMES, "1K")]
    return f"{round(width * times)}x{round(height * times)}"


async def reply(order: Order, told: Switches) -> bytes:
    """The body with the picture, or with the reason why there is none."""
    await asyncio.sleep(told.first_ms / 1_000)
    body: dict[str, Any] = {"modelVersion": order.model}
    made = [] if told.refuse else await files(order, told)
    if told.refuse == "model":
        body["promptFeedback"] = {"blockReason": "PROHIBITED_CONTENT"}
    elif told.refuse:
        body["candidates"] = [{"index": 0, "finishReason": "IMAGE_SAFETY"}]
    elif not made:
        body["candidates"] = [{"index": 0, "finishReason": "NO_IMAGE"}]
    else:
        data = {"mimeType": f"image/{order.format}", "data": b64encode(made[0]).decode()}
        content = {"role": "model", "parts": [{"inlineData": data}]}
        body["candidates"] = [{"index": 0, "content": content, "finishReason": "STOP"}]
    if counted := told_counts(order, told.usage):
        body["usageMetadata"] = _usage(counted, has_picture=bool(made))
    return orjson.dumps(body)


def _usage(counted: Mapping[str, int], *, has_picture: bool) -> dict[str, Any]:
    words, given = counted["input_tokens"], counted["image_tokens"]
    drawn = counted["output_tokens"] if has_picture else 0
    usage: dict[str, Any] = {
        "promptTokenCount": words + given,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": words}],
        "totalTokenCount": words + given + drawn,
    }
    if given:
        usage["promptTokensDetails"].append({"modality": "IMAGE", "tokenCount": given})
    if has_picture:
        details = [{"modality": "IMAGE", "tokenCount": counted["drawn_tokens"]}]
        usage |= {"candidatesTokenCount": drawn, "candidatesTokensDetails": details}
    if drawn > 0:
        usage |= {
            "thoughtsTokenCount": THOUGHT_TOKENS,
            "totalTokenCount": usage["totalTokenCount"] + THOUGHT_TOKENS,
        }
    return usage
