"""The adapter of Veo on Vertex AI: its keys, what it asks, how an operation ends."""

import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from bluegpt.providers.adapters import google_tokens
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.vertex_videos import VertexVideos
from bluegpt.providers.errors import ProviderDown, ProviderMisconfigured
from bluegpt.providers.types.films import FilmRequest, FilmState
from bluegpt.providers.types.models import Route, Sound, Wire
from bluegpt.providers.types.turns import ImagePart
from tests.providers.films import fetched, film_model, film_request
from tests.providers.making import clearance
from tests.providers.upstream import Refusal, Upstream, running

MODEL = film_model("vertex", wire_name="veo-9", video_second=5)
OPERATION = "projects/p/locations/l/publishers/google/models/veo-9/operations/1"
FILM = bytes(range(256)) * 40
TOKEN = Refusal(status=200, body=b'{"access_token": "tok_1", "expires_in": 3600}')
BEGUN = Refusal(status=200, body=orjson.dumps({"name": OPERATION}))


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with running() as upstream:
        yield upstream
        await close_clients()


@pytest.fixture(autouse=True)
def no_tokens() -> Iterator[None]:
    yield
    google_tokens._tokens.clear()


@cache
def private_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65_537, key_size=2_048)


@pytest.fixture
def account(tmp_path: Path, upstream: Upstream) -> Path:
    """The key file of a service account whose issuer is the upstream."""
    pem = private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "account.json"
    told = {
        "type": "service_account",
        "client_email": "films@p.iam.example",
        "private_key_id": "key-1",
        "private_key": pem.decode(),
        "token_uri": f"{upstream.base_url}/token",
    }
    file.write_text(json.dumps(told))
    return file


def adapter(upstream: Upstream, account: Path | str = "") -> VertexVideos:
    return VertexVideos(
        Route(
            wire=Wire.VERTEX_VIDEOS,
            base_url=f"{upstream.base_url}/v1/projects/p/locations/l",
            api_key="" if account else "tok_0",
            credentials_file=str(account),
        )
    )


def request(**changes: Any) -> FilmRequest:
    return replace(film_request(MODEL), **changes)


def ended(**more: Any) -> Refusal:
    return Refusal(status=200, body=orjson.dumps({"name": OPERATION, "done": True} | more))


async def test_a_key_for_some_minutes_is_had_with_what_the_file_signs(
    upstream: Upstream, account: Path
) -> None:
    upstream.refuse(TOKEN)
    upstream.refuse(BEGUN)

    for _film in range(2):
        await adapter(upstream, account).submit(request(), clearance=clearance("vertex"))

    issuer, *films = upstream.asked
    assert [asked.headers["Authorization"] for asked in films] == ["Bearer tok_1"] * 2
    form = parse_qs(issuer.raw.decode())
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    said, _dot, signature = form["assertion"][0].rpartition(".")
    private_key().public_key().verify(_bytes(signature), said.encode(), PKCS1v15(), SHA256())
    head, claims = (orjson.loads(_bytes(part)) for part in said.split("."))
    assert (head["alg"], head["kid"]) == ("RS256", "key-1")
    assert claims["iss"] == "films@p.iam.example"
    assert claims["aud"] == f"{upstream.base_url}/token"
    assert claims["exp"] - claims["iat"] == 3_600


async def test_a_refused_key_is_not_used_again(upstream: Upstream, account: Path) -> None:
    for script in (TOKEN, Refusal(status=401, body=b"{}"), TOKEN, BEGUN):
        upstream.refuse(script)

    with pytest.raises(ProviderMisconfigured):
        await adapter(upstream, account).submit(request(), clearance=clearance("vertex"))
    await adapter(upstream, account).submit(request(), clearance=clearance("vertex"))

    assert [asked.path for asked in upstream.asked].count("/token") == 2


@pytest.mark.parametrize(
    "change",
    [
        {"token_uri": "https://issuer.example.org/token"},
        {"token_uri": 7},
        {"private_key": "no key"},
        {"client_email": None, "private_key": None},
    ],
)
async def test_a_file_that_cannot_be_used_asks_nobody(
    upstream: Upstream, account: Path, change: dict[str, Any]
) -> None:
    _change(account, change)

    with pytest.raises(ProviderMisconfigured):
        await adapter(upstream, account).submit(request(), clearance=clearance("vertex"))
    with pytest.raises(ProviderMisconfigured):
        missing = account.with_name("nowhere.json")
        await adapter(upstream, missing).submit(request(), clearance=clearance("vertex"))

    assert upstream.asked == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Refusal(status=200, body=b"{}"), ProviderMisconfigured),
        (Refusal(status=401, body=b"{}"), ProviderMisconfigured),
        (Refusal(status=500, body=b"{}"), ProviderDown),
    ],
)
async def test_an_issuer_that_gives_nothing_ends_it(
    upstream: Upstream, account: Path, reply: Refusal, kind: type[Exception]
) -> None:
    upstream.refuse(reply)

    with pytest.raises(kind):
        await adapter(upstream, account).submit(request(), clearance=clearance("vertex"))


async def test_the_request_says_what_is_wanted_and_names_nobody(upstream: Upstream) -> None:
    upstream.refuse(BEGUN)
    picture = ImagePart(media_type="image/png", data=b"png", width_px=1, height_px=1)

    ref = await adapter(upstream).submit(
        request(picture=picture, with_sound=False),
        clearance=clearance("vertex", pairwise_id="pw_somebody"),
    )

    asked = upstream.asked[0]
    assert ref == OPERATION
    assert asked.path == (
        "/v1/projects/p/locations/l/publishers/google/models/veo-9:predictLongRunning"
    )
    assert asked.body == {
        "instances": [
            {
                "prompt": "Hills",
                "image": {
                    "bytesBase64Encoded": b64encode(b"png").decode(),
                    "mimeType": "image/png",
                },
            }
        ],
        "parameters": {
            "sampleCount": 1,
            "durationSeconds": 4,
            "aspectRatio": "16:9",
            "resolution": "360p",
            "generateAudio": False,
        },
    }
    assert b"pw_somebody" not in asked.raw


async def test_where_sound_is_no_choice_it_is_not_asked_for(upstream: Upstream) -> None:
    upstream.refuse(BEGUN)
    assert MODEL.filming is not None
    always = replace(MODEL, filming=replace(MODEL.filming, sound=Sound.ALWAYS))

    await adapter(upstream).submit(request(model=always), clearance=clearance("vertex"))

    assert "generateAudio" not in upstream.asked[0].body["parameters"]


async def test_the_film_lies_inside_the_reply(upstream: Upstream) -> None:
    film = {"bytesBase64Encoded": b64encode(FILM).decode(), "mimeType": "video/mp4"}
    upstream.refuse(ended(response={"videos": [film]}))

    assert (await adapter(upstream).look(OPERATION, request=request())).state is FilmState.DONE
    assert await fetched(adapter(upstream), OPERATION, request()) == FILM
    assert upstream.asked[0].body == {"operationName": OPERATION}


@pytest.mark.parametrize(
    ("told", "state", "code"),
    [
        ({"error": {"code": 13, "message": "internal"}}, FilmState.FAILED, "rpc_13"),
        (
            {"error": {"code": 3, "message": "It violates Google's Responsible AI practices"}},
            FilmState.REFUSED,
            "rpc_3",
        ),
        (
            {"response": {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": ["Hills"]}},
            FilmState.REFUSED,
            "rai_media_filtered",
        ),
        (
            {"response": {"videos": [{"gcsUri": "gs://b/a.mp4"}]}},
            FilmState.FAILED,
            "film_elsewhere",
        ),
        ({"response": {}}, FilmState.FAILED, "no_film"),
        ({"done": False}, FilmState.RUNNING, ""),
    ],
)
async def test_every_end_has_its_place(
    upstream: Upstream, told: Any, state: FilmState, code: str
) -> None:
    upstream.refuse(ended(**told))

    progress = await adapter(upstream).look(OPERATION, request=request())

    assert (progress.state, progress.error_code, progress.usage) == (state, code, None)


async def test_it_cannot_be_asked_to_forget(upstream: Upstream) -> None:
    assert not await adapter(upstream).forget(OPERATION)
    assert upstream.asked == []


def _change(account: Path, change: dict[str, Any]) -> None:
    account.write_text(json.dumps(json.loads(account.read_text()) | change))


def _bytes(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
