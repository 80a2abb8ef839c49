"""What is owed for an answer: every way in which a provider counts, or fails to.

The adapters listen to the sandbox over real HTTP; rules that it cannot play are fed with usage as
the providers' own packages describe it.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.sandbox.server import Sandbox
from bluegpt.providers.adapters.wires import adapter
from bluegpt.providers.rules.counts import reported
from bluegpt.providers.rules.tally import Tally
from bluegpt.providers.types.chat import Delta
from bluegpt.providers.types.models import Route, Wire
from bluegpt.providers.types.usage import REPORTED_MAX, Usage, UsageSource
from tests.providers.making import clearance, model, request

FINAL = UsageSource.FINAL
ANSWER_TOKENS = 120
PROVIDERS = {  # of the wires that answer in words
    Wire.OPENAI_CHAT: "openai",
    Wire.OPENAI_RESPONSES: "openai",
    Wire.ANTHROPIC_MESSAGES: "anthropic",
    Wire.GOOGLE_GENERATE: "google",
    Wire.MISTRAL_CHAT: "mistral",
}
each_wire = pytest.mark.parametrize("wire", PROVIDERS)


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    """Where a sandbox of this test's own listens."""
    sandbox = Sandbox()
    yield await sandbox.start()
    await close_clients()
    await sandbox.stop()


class Listener:
    """Asks the sandbox through the adapter of one wire."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self.error: BlueError | None = None

    async def ask(
        self,
        wire: Wire,
        switches: str,
        *,
        provider: str = "",
        name: str = "writer",
        stop_after: int | None = None,
    ) -> list[Delta]:
        """Every delta until the end, or until so many of them brought text."""
        provider = provider or PROVIDERS[wire]
        has_version = wire in {Wire.OPENAI_CHAT, Wire.OPENAI_RESPONSES}
        route = Route(
            wire=wire,
            base_url=f"{self._origin}/v1" if has_version else self._origin,
            api_key="key",
            is_portable=provider == "compatible",
        )
        told = f"sandbox: pace_ms=0 tokens={ANSWER_TOKENS} {switches}"
        asked = request(provider, text=f"Tell me of towers.\n{told}")
        asked = replace(asked, model=model(provider, wire_name=name))
        deltas: list[Delta] = []
        stream = adapter(route).chat(asked, clearance=clearance(provider))
        try:
            async with aclosing(stream):
                async for delta in stream:
                    deltas.append(delta)
                    if stop_after is not None and sum(bool(d.text) for d in deltas) >= stop_after:
                        break
        except BlueError as error:
            self.error = error
        return deltas


@pytest.fixture
def listener(origin: str) -> Listener:
    return Listener(origin)


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


# A stream that tells the truth


@each_wire
async def test_the_last_count_of_a_whole_answer_is_the_providers(
    listener: Listener, wire: Wire
) -> None:
    deltas = await listener.ask(wire, "usage=unasked")  # Mistral tells it without being asked

    assert deltas[-1].usage.source is FINAL
    assert deltas[-1].usage.output_tokens == ANSWER_TOKENS
    assert deltas[-1].usage.reported == ()


@each_wire
@pytest.mark.parametrize("name", ["thinker", "scholar"])
async def test_reasoning_is_inside_the_output_wherever_the_provider_puts_it(
    listener: Listener, wire: Wire, name: str
) -> None:
    usage = (await listener.ask(wire, "", name=name))[-1].usage

    assert usage.output_tokens > ANSWER_TOKENS
    if wire is not Wire.MISTRAL_CHAT:  # which does not tell reasoning apart
        assert usage.output_tokens - usage.reasoning_tokens == ANSWER_TOKENS


@each_wire
async def test_a_count_that_comes_twice_is_counted_once(listener: Listener, wire: Wire) -> None:
    usage = (await listener.ask(wire, "usage=twice"))[-1].usage

    assert (usage.output_tokens, usage.source) == (ANSWER_TOKENS, FINAL)


@pytest.mark.parametrize(
    ("wire", "times"),
    [
        (Wire.OPENAI_CHAT, 1),  # the first final count stands
        (Wire.MISTRAL_CHAT, 1),
        (Wire.OPENAI_RESPONSES, 1),  # nothing is read after the end
        (Wire.ANTHROPIC_MESSAGES, 2),  # cumulative: the latest stands
        (Wire.GOOGLE_GENERATE, 2),
    ],
)
async def test_of_two_different_counts_one_stands_and_they_are_never_added(
    listener: Listener, wire: Wire, times: int
) -> None:
    usage = (await listener.ask(wire, "usage=changed"))[-1].usage

    assert (usage.output_tokens, usage.source) == (times * ANSWER_TOKENS, FINAL)


async def test_counts_that_grow_with_every_chunk_are_not_added_up(listener: Listener) -> None:
    deltas = await listener.ask(Wire.OPENAI_CHAT, "usage=growing", provider="compatible")

    so_far = [d.usage.output_tokens for d in deltas if d.usage.source is UsageSource.PARTIAL]
    assert len(so_far) > 100
    assert so_far == sorted(so_far)
    assert so_far[-1] < 2 * ANSWER_TOKENS
    assert (deltas[-1].usage.output_tokens, deltas[-1].usage.source) == (ANSWER_TOKENS, FINAL)


# A stream that ends early, or does not count


@each_wire
async def test_an_answer_that_we_stop_is_estimated_from_what_came(
    listener: Listener, wire: Wire
) -> None:
    deltas = await listener.ask(wire, "", stop_after=40)

    usage = deltas[-1].usage
    assert usage.source in {UsageSource.ESTIMATED, UsageSource.PARTIAL}
    assert 20 <= usage.output_tokens <= 60
    assert usage.context_tokens > 0


@each_wire
async def test_an_answer_that_is_cut_is_estimated_and_not_in_doubt(
    listener: Listener, wire: Wire
) -> None:
    deltas = await listener.ask(wire, "cut_after=40")

    assert listener.error is not None
    assert listener.error.code == "stream_cut"
    assert deltas[-1].usage.source in {UsageSource.ESTIMATED, UsageSource.PARTIAL}
    assert deltas[-1].usage.output_tokens >= 20


@each_wire
@pytest.mark.parametrize("usage", ["missing", "zero"])
async def test_a_whole_answer_without_the_count_that_is_due_is_marked_as_missing(
    listener: Listener, wire: Wire, usage: str
) -> None:
    deltas = await listener.ask(wire, f"usage={usage}")

    assert listener.error is None
    assert text_of(deltas)
    assert deltas[-1].finish is not None
    assert deltas[-1].usage.source is UsageSource.MISSING
    assert 40 <= deltas[-1].usage.output_tokens <= 250


@pytest.mark.parametrize("provider", ["compatible", "local"])
async def test_a_server_that_need_not_count_is_settled_on_our_estimate(
    listener: Listener, provider: str
) -> None:
    deltas = await listener.ask(Wire.OPENAI_CHAT, "usage=missing", provider=provider)

    assert deltas[-1].finish is not None
    assert deltas[-1].usage.source is UsageSource.ESTIMATED


# A stream that lies


@each_wire
@pytest.mark.parametrize("lie", ["negative", "absurd", "contradictory"])
async def test_a_lie_is_handed_on_beside_our_estimate_and_the_answer_is_kept(
    listener: Listener, wire: Wire, lie: str
) -> None:
    if (wire, lie) == (Wire.MISTRAL_CHAT, "contradictory"):
        pytest.skip("it does not tell reasoning apart, so nothing contradicts itself")

    deltas = await listener.ask(wire, f"usage={lie}")

    usage = deltas[-1].usage
    assert listener.error is None
    assert len(text_of(deltas)) > 200
    assert deltas[-1].finish is not None
    assert usage.source is UsageSource.DOUBTFUL
    assert 40 <= usage.output_tokens <= 250
    assert usage.reported
    assert all(abs(number) <= REPORTED_MAX for _name, number in usage.reported)


async def test_a_server_that_counts_its_last_chunk_alone_is_not_believed(
    listener: Listener,
) -> None:
    deltas = await listener.ask(Wire.OPENAI_CHAT, "usage=incremental", provider="compatible")

    usage = deltas[-1].usage
    assert usage.source is UsageSource.DOUBTFUL
    assert ("completion_tokens", 1) in usage.reported
    assert usage.output_tokens >= 40


def test_what_was_reported_keeps_whole_numbers_in_a_sane_range_by_their_names() -> None:
    told = reported(
        {
            "output_tokens": -(10**30),
            "input_tokens": 10**30,
            "speed": "fast",
            "share": 0.5,
            "is_final": True,
            "details": {"cached": 7, "deeper": {"x": 1, "deepest": {"y": 2}}},
        }
    )

    assert told == (
        ("output_tokens", -REPORTED_MAX),
        ("input_tokens", REPORTED_MAX),
        ("details.cached", 7),
        ("details.deeper.x", 1),
    )
    assert reported([1, 2]) == ()
    assert len(reported({f"n{number}": number for number in range(1_000)})) < 100


def test_a_later_count_does_not_end_a_doubt() -> None:
    tally = Tally(request())
    tally.add(text="word " * 40)

    tally.disbelieve("a negative count", reported=(("output_tokens", -4),))
    tally.report(Usage(input_tokens=60, output_tokens=50, source=FINAL))

    assert tally.usage().source is UsageSource.DOUBTFUL
    assert tally.usage().reported == (("output_tokens", -4),)


# What costs something else than text


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        (Wire.ANTHROPIC_MESSAGES, "writer"),
        (Wire.OPENAI_RESPONSES, "writer"),
        (Wire.OPENAI_RESPONSES, "thinker"),
        (Wire.GOOGLE_GENERATE, "writer"),
    ],
)
async def test_searches_are_counted_where_the_provider_runs_them(
    listener: Listener, wire: Wire, name: str
) -> None:
    usage = (await listener.ask(wire, "searches=3", name=name))[-1].usage

    assert (usage.searches, usage.tool_calls, usage.source) == (3, 0, FINAL)


@pytest.mark.parametrize("wire", [Wire.OPENAI_CHAT, Wire.GOOGLE_GENERATE])
async def test_audio_is_taken_out_of_the_input(listener: Listener, wire: Wire) -> None:
    plain = (await listener.ask(wire, "audio_tokens=0"))[-1].usage
    heard = (await listener.ask(wire, "audio_tokens=50"))[-1].usage

    assert heard.audio_input_tokens == 50
    assert abs(heard.input_tokens - plain.input_tokens) <= 2  # the switch is a little longer
    assert heard.context_tokens == heard.input_tokens + 50
