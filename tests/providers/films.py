"""A film job by any adapter: how a test asks for one, waits for it, and looks into the file."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import av

from bluegpt.providers.types.films import FilmAdapter, FilmProgress, FilmRequest, FilmState
from bluegpt.providers.types.models import (
    FilmCanvas,
    FilmingSkills,
    Model,
    ProviderRate,
    Sound,
)
from tests.providers.making import model

SIZE = "640x360"
SECONDS = 4
_PAUSE_S = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a film is, by what is in the file and not by what anybody says."""

    size: str
    seconds: float
    has_sound: bool
    codecs: frozenset[str]
    first_boxes: tuple[bytes, ...]


def film_model(provider: str, *, wire_name: str, **rates: int) -> Model:
    """A model with one small canvas, billed at these rates."""
    priced = tuple(
        ProviderRate(meter=meter, from_context_tokens=0, nanousd_per_million=rate)
        for meter, rate in rates.items()
    )
    tokens = 6_000 if "video_output" in rates else 0
    canvas = FilmCanvas(
        size=SIZE, sku=f"{provider}/film#{SIZE}", rates=priced, tokens_per_second_max=tokens
    )
    skills = FilmingSkills(canvases=(canvas,), seconds=(SECONDS, 8), sound=Sound.CHOICE)
    return model(provider, wire_name=wire_name, filming=skills, sku=canvas.sku, rates=priced)


def film_request(asked: Model, prompt: str = "Hills", **changes: Any) -> FilmRequest:
    """Four seconds of hills, with sound."""
    facts: Mapping[str, Any] = {
        "model": asked,
        "prompt": prompt,
        "seconds": SECONDS,
        "size": SIZE,
        "with_sound": True,
        "input_tokens": 200,
        "output_tokens": 24_000,
    }
    return FilmRequest(**(dict(facts) | changes))


async def until_ended(adapter: FilmAdapter, ref: str, request: FilmRequest) -> FilmProgress:
    """Look until the job has ended, for at most ten seconds."""
    async with asyncio.timeout(10):
        while True:
            progress = await adapter.look(ref, request=request)
            if progress.state not in (FilmState.QUEUED, FilmState.RUNNING):
                return progress
            await asyncio.sleep(_PAUSE_S)


async def fetched(adapter: FilmAdapter, ref: str, request: FilmRequest) -> bytes:
    """All bytes of a film."""
    return b"".join([chunk async for chunk in adapter.fetch(ref, request=request)])


def seen(film: bytes) -> Seen:
    """Decode a film to its last frame. Raises av.FFmpegError when it cannot be played."""
    with av.open(BytesIO(film), "r") as file:
        frames = [frame for packet in file.demux() for frame in packet.decode()]
        picture = file.streams.video[0]
        assert any(isinstance(frame, av.VideoFrame) for frame in frames)
        return Seen(
            size=f"{picture.width}x{picture.height}",
            seconds=round((file.duration or 0) / 1_000_000, 1),
            has_sound=bool(file.streams.audio),
            codecs=frozenset(stream.codec_context.name for stream in file.streams),
            first_boxes=(film[4:8], film[36:40]),
        )
