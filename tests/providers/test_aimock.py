"""Our adapters against a double of the providers' APIs that we have not written.

`npm install --prefix tools/aimock` brings it; without it these tests are skipped and say so.
It drops the finer counts, so it vouches for requests and framing; money is tested elsewhere.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.openai_images import OpenAIImages
from bluegpt.providers.errors import ProviderBusy, ProviderMisconfigured
from bluegpt.providers.types.chat import Delta, FinishReason
from bluegpt.providers.types.models import Route, Wire
from bluegpt.providers.types.pictures import Drawn
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import UsageSource
from tests.providers import speakers
from tests.providers.making import API_KEY, clearance, request
from tests.providers.speakers import Speaker
from tests.providers.test_openai_images import request as picture_request

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tools/aimock/node_modules/@copilotkit/aimock/dist/cli.js"
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="Node.js is not installed"),
    pytest.mark.skipif(
        not SCRIPT.exists(), reason="aimock is not installed: npm install --prefix tools/aimock"
    ),
    pytest.mark.xdist_group("aimock"),
]

WIRES = [
    speakers.OpenAIChatSpeaker(),
    speakers.OpenAIResponsesSpeaker(),
    speakers.AnthropicSpeaker(),
    speakers.GoogleSpeaker(),
    speakers.MistralSpeaker(),
]


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The double, listening. The script is started by itself: npx would leave it behind."""
    port = _free_port()
    fixtures = Path(__file__).with_name("aimock.json")
    command = [str(NODE), str(SCRIPT), "-p", str(port), "-f", str(fixtures), "--strict"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
async def clients() -> AsyncIterator[None]:
    yield
    await close_clients()


def _free_port() -> int:
    """A port below the range from which the system hands out its own."""
    for port in range(21_000, 32_000, 7):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("aimock does not listen")


async def ask(speaker: Speaker, origin: str, text: str) -> list[Delta]:
    route = Route(
        wire=speaker.wire,
        base_url=origin + speaker.base_path,
        api_key=API_KEY,
        thinking=speaker.thinking,
    )
    asked = request(speaker.provider, text=text, system="Be brief.")
    stream = type(speaker).adapter(route).chat(asked, clearance=clearance(speaker.provider))
    async with aclosing(stream):
        return [delta async for delta in stream]


@pytest.mark.parametrize("speaker", WIRES, ids=lambda speaker: speaker.wire)
async def test_an_answer_is_read_as_it_was_meant(
    origin: str, clients: None, speaker: Speaker
) -> None:
    deltas = await ask(speaker, origin, "How high is the tower?")

    text = "".join(delta.text for delta in deltas)
    assert text == "The tower is three hundred and thirty metres high — 330 m."
    assert deltas[-1].finish is FinishReason.COMPLETE
    assert len(deltas) > 3


# Mistral counts unasked; the double waits to be asked in a way that Mistral would refuse.
@pytest.mark.parametrize("speaker", WIRES[:4], ids=lambda speaker: speaker.wire)
async def test_its_count_is_taken_over(origin: str, clients: None, speaker: Speaker) -> None:
    [*_, last] = await ask(speaker, origin, "How high is the tower?")

    assert last.usage.source is UsageSource.FINAL
    assert (last.usage.input_tokens, last.usage.output_tokens) == (25, 12)


@pytest.mark.parametrize("speaker", WIRES[:4], ids=lambda speaker: speaker.wire)
async def test_its_reasoning_is_told_apart(origin: str, clients: None, speaker: Speaker) -> None:
    deltas = await ask(speaker, origin, "How high is the tower?")

    reasoning = "".join(delta.reasoning for delta in deltas)
    assert reasoning == "Paris, so the tower must be that one."


@pytest.mark.parametrize("speaker", WIRES, ids=lambda speaker: speaker.wire)
async def test_its_refusals_are_understood(origin: str, clients: None, speaker: Speaker) -> None:
    with pytest.raises(ProviderBusy):
        await ask(speaker, origin, "Be too busy.")
    with pytest.raises(ProviderMisconfigured):
        await ask(speaker, origin, "Refuse my key.")


@pytest.mark.parametrize("is_edit", [False, True])
async def test_a_picture_is_read_as_it_was_meant(origin: str, clients: None, is_edit: bool) -> None:
    given = ImagePart(media_type="image/png", data=b"\x89PNG", width_px=1, height_px=1)
    route = Route(wire=Wire.OPENAI_IMAGES, base_url=f"{origin}/v1", api_key=API_KEY)
    asked = picture_request(references=(given,) if is_edit else ())

    drawing = OpenAIImages(route).draw(asked, clearance=clearance())
    [drawn] = [step async for step in drawing]

    assert isinstance(drawn, Drawn)
    assert drawn.files == (b"\x89PNG\r\n\x1a\n",)
    assert drawn.usage.source is UsageSource.MISSING  # the double counts no pictures


async def test_a_picture_that_is_refused_is_understood(origin: str, clients: None) -> None:
    route = Route(wire=Wire.OPENAI_IMAGES, base_url=f"{origin}/v1", api_key=API_KEY)

    with pytest.raises(ProviderBusy):
        await anext(
            OpenAIImages(route).draw(picture_request(prompt="Be too busy."), clearance=clearance())
        )
