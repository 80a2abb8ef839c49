"""Pictures and documents: what the sandbox sees of them, and what it refuses."""

import io
from base64 import b64encode
from typing import Any

import pytest
from PIL import Image

from tests.providers.sandbox.clients import Chat, Client, Messages, Responses, Wire

QUICK = "What is this?\nsandbox: pace_ms=0"
PDF = b"%PDF-1.7\n1 0 obj<</Type /Pages>>\n2 0 obj<</Type /Page>>\n3 0 obj<</Type/Page >>\n%%EOF"


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "PNG")
    return file.getvalue()


def _data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def _source(media_type: str, data: bytes) -> dict[str, str]:
    return {"type": "base64", "media_type": media_type, "data": b64encode(data).decode()}


@pytest.mark.parametrize(
    ("wire", "parts"),
    [
        (
            Chat(),
            [
                {"type": "text", "text": QUICK},
                {"type": "image_url", "image_url": {"url": _data_url("image/png", _png())}},
                {"type": "file", "file": {"file_data": _data_url("application/pdf", PDF)}},
            ],
        ),
        (
            Responses(),
            [
                {"type": "input_text", "text": QUICK},
                {"type": "input_image", "image_url": _data_url("image/png", _png())},
                {"type": "input_file", "file_data": _data_url("application/pdf", PDF)},
            ],
        ),
        (
            Messages(),
            [
                {"type": "image", "source": _source("image/png", _png())},
                {"type": "document", "source": _source("application/pdf", PDF)},
                {"type": "text", "text": QUICK},
            ],
        ),
    ],
)
async def test_pictures_and_documents_are_read_from_the_outside(
    client: Client, wire: Wire, parts: list[dict[str, Any]]
) -> None:
    body = wire.body(QUICK, model="writer", is_stream=False, limit=900)
    name = "input" if isinstance(wire, Responses) else "messages"
    path = wire.path("writer", is_stream=False)

    with_parts = body | {name: [{"role": "user", "content": parts}]}
    response = await client.post(path, with_parts)
    said = await response.text()
    plain = wire.usage(await (await client.post(path, body)).json())
    counted = wire.usage(await response.json())

    assert f"image/png, 64 × 48 pixels, {len(_png())} bytes" in said
    assert f"PDF of {len(PDF)} bytes" in said
    assert plain is not None
    assert counted is not None
    assert counted[0] - plain[0] == 2 * 1_500 + 5  # two pages, and 64 × 48 / 750 rounded up


@pytest.mark.parametrize(
    "link",
    [
        _data_url("image/png", b"no picture"),
        _data_url("image/jpeg", _png()),
        _data_url("application/pdf", b"no document"),
        _data_url("application/zip", b"PK"),
        "data:image/png;base64,***",
        "file:///etc/passwd",
    ],
)
async def test_an_attachment_that_is_not_what_it_claims_is_refused(
    client: Client, link: str
) -> None:
    content = [{"type": "image_url", "image_url": {"url": link}}]
    body = {"model": "writer", "messages": [{"role": "user", "content": content}]}

    response = await client.post("/v1/chat/completions", body)

    assert response.status == 400
    assert "image_url.url" in (await response.json())["error"]["message"]
