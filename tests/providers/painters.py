"""Each wire's way to hand over pictures, written from the providers' own descriptions."""

import json
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from typing_extensions import override

from bluegpt.providers.adapters.google_images import GoogleImages
from bluegpt.providers.adapters.openai_images import OpenAIImages
from bluegpt.providers.adapters.xai_images import XaiImages
from bluegpt.providers.types.models import ProviderRate, Route, Wire
from bluegpt.providers.types.pictures import PictureAdapter
from tests.providers.upstream import Refusal

BY_PIECE = (ProviderRate(meter="image", from_context_tokens=0, nanousd_per_million=5),)
BY_TOKEN = (
    ProviderRate(meter="input", from_context_tokens=0, nanousd_per_million=1),
    ProviderRate(meter="image_output", from_context_tokens=0, nanousd_per_million=2),
)


class Painter(ABC):
    """One wire. `counts` are text read, pictures read and tokens drawn of one reply."""

    provider: str
    wire: Wire
    adapter: Callable[[Route], PictureAdapter]
    base_path = "/v1"
    path = "/v1/images/generations"
    edit_path = "/v1/images/edits"
    rates: tuple[ProviderRate, ...] = BY_TOKEN
    names_who_asks = True
    is_one_at_a_time = False

    @abstractmethod
    def reply(self, files: list[bytes], counts: tuple[int, int, int] | None) -> Refusal:
        """A whole reply with so many pictures."""

    @abstractmethod
    def kept_back(self) -> Refusal:
        """A reply of a safety system, in the form that is hardest to know."""

    @abstractmethod
    def complaint(self, status: int, code: str, message: str) -> Refusal:
        """An error in place of a reply."""

    @abstractmethod
    def broken(self) -> list[Any]:
        """Bodies of replies that hold no picture as they should."""


def as_reply(body: Any, status: int = 200) -> Refusal:
    return Refusal(status=status, body=json.dumps(body).encode())


def base64(file: bytes) -> str:
    return b64encode(file).decode()


class OpenAIPainter(Painter):
    provider, wire = "openai", Wire.OPENAI_IMAGES
    adapter: Callable[[Route], PictureAdapter] = OpenAIImages

    @override
    def reply(self, files: list[bytes], counts: tuple[int, int, int] | None) -> Refusal:
        body: dict[str, Any] = {
            "created": 1,
            "data": [{"b64_json": base64(file)} for file in files],
        }
        if counts is not None:
            words, given, drawn = counts
            body["usage"] = {
                "input_tokens": words + given,
                "input_tokens_details": {"text_tokens": words, "image_tokens": given},
                "output_tokens": drawn,
                "total_tokens": words + given + drawn,
            }
        return as_reply(body)

    @override
    def kept_back(self) -> Refusal:
        return self.complaint(400, "moderation_blocked", "Your request was rejected")

    @override
    def complaint(self, status: int, code: str, message: str) -> Refusal:
        return as_reply({"error": {"code": code, "message": message, "param": None}}, status)

    @override
    def broken(self) -> list[Any]:
        return [
            {"data": []},
            {"data": [{"b64_json": "x"}]},
            {"data": [{"b64_json": ""}]},
            {"data": [{"b64_json": 7}]},
            {"data": [{"url": "https://example.org/a.png"}]},
            {"data": ["eA=="]},
            {"data": {"b64_json": "eA=="}},
            [],
        ]


class XaiPainter(OpenAIPainter):
    provider, wire = "xai", Wire.XAI_IMAGES
    adapter = XaiImages
    rates = BY_PIECE

    @override
    def reply(self, files: list[bytes], counts: tuple[int, int, int] | None) -> Refusal:
        made = [{"b64_json": base64(file), "mime_type": "image/jpeg"} for file in files]
        return as_reply({"data": made, "usage": {"cost_in_usd_ticks": 200_000_000}})

    @override
    def kept_back(self) -> Refusal:
        return as_reply({"data": [{"b64_json": None, "url": "", "respect_moderation": False}]})

    @override
    def complaint(self, status: int, code: str, message: str) -> Refusal:
        return as_reply({"code": code, "error": message}, status)

    @override
    def broken(self) -> list[Any]:
        return super().broken()[1:]  # an empty list is no picture, and told as that


class GooglePainter(Painter):
    provider, wire = "google", Wire.GOOGLE_IMAGES
    adapter = GoogleImages
    base_path = ""
    path = edit_path = "/v1beta/models/some-model:generateContent"
    names_who_asks = False
    is_one_at_a_time = True

    @override
    def reply(self, files: list[bytes], counts: tuple[int, int, int] | None) -> Refusal:
        parts = [{"inlineData": {"mimeType": "image/png", "data": base64(file)}} for file in files]
        content = {"role": "model", "parts": parts}
        body: dict[str, Any] = {"candidates": [{"content": content, "finishReason": "STOP"}]}
        if counts is not None:
            words, given, drawn = counts
            body["usageMetadata"] = {
                "promptTokenCount": words + given,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": words},
                    {"modality": "IMAGE", "tokenCount": given},
                ],
                "candidatesTokenCount": drawn,
                "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": drawn}],
            }
        return as_reply(body)

    @override
    def kept_back(self) -> Refusal:
        return as_reply({"candidates": [{"finishReason": "IMAGE_SAFETY"}]})

    @override
    def complaint(self, status: int, code: str, message: str) -> Refusal:
        return as_reply({"error": {"code": status, "status": code, "message": message}}, status)

    @override
    def broken(self) -> list[Any]:
        def of(part: Any) -> Any:
            return {"candidates": [{"content": {"parts": [part]}, "finishReason": "STOP"}]}

        return [
            of({"inlineData": {"mimeType": "image/png", "data": "x"}}),
            of({"inlineData": {"mimeType": "image/png", "data": ""}}),
            of({"inlineData": {"mimeType": "image/png", "data": 7}}),
            of({"inlineData": "eA=="}),
            of("eA=="),
            {"candidates": {"content": {}}},
            {"candidates": ["eA=="]},
            [],
        ]
