"""Every way in which the sandbox can be told to fail, on every wire."""

import asyncio

import orjson
import pytest

from tests.providers.sandbox.clients import WIRES, Client, Event, Heard, Wire

on_every_wire = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)


def _pieces(wire: Wire, events: list[Event] | Heard) -> list[str]:
    """The pieces of text in events that can be read; a broken one and an error hold none."""
    found = events.events if isinstance(events, Heard) else events
    return [piece for event in found if _is_sound(event) and (piece := _piece(wire, event))]


def _piece(wire: Wire, event: Event) -> str:
    return "" if wire.is_failure(event) else wire.piece(event)


def _is_sound(event: Event) -> bool:
    try:
        orjson.loads(event.data)
    except orjson.JSONDecodeError:
        return event.data == "[DONE]"
    return True


@on_every_wire
async def test_an_answer_has_exactly_the_length_that_was_told(client: Client, wire: Wire) -> None:
    heard = await client.listen(wire, "sandbox: tokens=37 pace_ms=0")

    assert len(_pieces(wire, heard)) == 37
    assert _counted(wire, heard)[1] == 37
    assert heard.is_whole
    assert wire.is_end(heard.events[-1])


@on_every_wire
async def test_a_text_is_echoed_to_the_letter(client: Client, wire: Wire) -> None:
    text = 'Où ? "Ici" <b>& là</b>\u00a0: 東京 🗼\\\nend'
    told = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    heard = await client.listen(wire, f'sandbox: pace_ms=0 text="{told}"')

    assert "".join(_pieces(wire, heard)) == text


@on_every_wire
@pytest.mark.parametrize("error", ["400", "401", "402", "403", "404", "408", "413", "422"])
@pytest.mark.parametrize("is_stream", [True, False])
async def test_an_error_before_the_first_byte_has_the_status_that_was_told(
    client: Client, wire: Wire, error: str, is_stream: bool
) -> None:
    body = wire.body(f"sandbox: error={error}", model="writer", is_stream=is_stream, limit=50)

    response = await client.post(wire.path("writer", is_stream=is_stream), body)

    assert response.status == int(error)
    assert isinstance((await response.json())["error"][wire.error_at], str)
    assert "retry-after" not in response.headers


@on_every_wire
@pytest.mark.parametrize("error", [429, 500, 529])
async def test_only_the_rate_limit_says_when_to_come_back(
    client: Client, wire: Wire, error: int
) -> None:
    response = await client.ask(wire, f"sandbox: error={error}")

    assert response.status == error
    assert response.headers.get("retry-after") == ("7" if error == 429 else None)


@on_every_wire
@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("quota", ("quota", "credit balance")),
        ("context", ("maximum context", "too long", "exceeds the maximum")),
    ],
)
async def test_an_empty_account_and_a_full_window_have_their_own_words(
    client: Client, wire: Wire, error: str, words: tuple[str, ...]
) -> None:
    response = await client.ask(wire, f"sandbox: error={error}")

    message = (await response.json())["error"]["message"]
    assert response.status in (400, 429)
    assert any(word in message for word in words), message


@on_every_wire
async def test_an_error_in_mid_stream_ends_it(client: Client, wire: Wire) -> None:
    heard = await client.listen(wire, "sandbox: pace_ms=0 error_after=5")

    assert len(_pieces(wire, heard)) == 5
    assert wire.is_failure(heard.events[-1])
    assert not any(wire.is_end(event) for event in heard.events if not wire.is_failure(event))


@on_every_wire
async def test_without_a_stream_an_error_after_is_an_error_before(
    client: Client, wire: Wire
) -> None:
    response = await client.ask(wire, "sandbox: error_after=5")

    assert response.status == 500


@on_every_wire
@pytest.mark.parametrize("count", [0, 1, 9])
async def test_a_cut_leaves_the_response_without_its_end(
    client: Client, wire: Wire, count: int
) -> None:
    heard = await client.listen(wire, f"sandbox: pace_ms=0 cut_after={count}")

    assert not heard.is_whole
    assert len(_pieces(wire, heard)) == count
    assert (await client.calls())[-1]["tokens_sent"] == count


@on_every_wire
async def test_a_stall_sends_no_more_and_keeps_the_connection(client: Client, wire: Wire) -> None:
    received: list[Event] = []

    async def listen() -> None:
        received.extend((await client.listen(wire, "sandbox: pace_ms=0 stall_after=4")).events)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(listen(), 0.3)

    call = (await client.calls())[-1]
    assert call["tokens_sent"] == 4
    assert received == []


@on_every_wire
async def test_a_malformed_event_stands_where_it_was_told_to(client: Client, wire: Wire) -> None:
    heard = await client.listen(wire, "sandbox: pace_ms=0 tokens=12 malformed_after=3")

    broken = [event for event in heard.events if not _is_sound(event)]
    before = heard.events[: heard.events.index(broken[0])]
    assert len(broken) == 1
    assert len(_pieces(wire, list(before))) == 3
    assert len(_pieces(wire, heard)) == 11
    assert wire.is_end(heard.events[-1])


@on_every_wire
@pytest.mark.parametrize("fault", ["cut_after=0", "malformed_after=0"])
async def test_a_whole_answer_breaks_too(client: Client, wire: Wire, fault: str) -> None:
    body = wire.body(f"sandbox: pace_ms=0 {fault}", model="writer", is_stream=False, limit=50)

    heard = await client.stream(wire.path("writer", is_stream=False), body)

    assert heard.is_whole == fault.startswith("malformed")


@on_every_wire
async def test_a_usage_can_be_missing(client: Client, wire: Wire) -> None:
    heard = await client.listen(wire, "sandbox: pace_ms=0 usage=missing")
    whole = await client.ask(wire, "sandbox: pace_ms=0 usage=missing")

    assert not any(wire.usage(event.body) for event in heard.events if event.data != "[DONE]")
    assert "input_tokens" not in heard.events[0].data
    assert wire.usage(await whole.json()) is None


@on_every_wire
@pytest.mark.parametrize(
    ("usage", "low", "high"), [("negative", -(10**9), -1), ("absurd", 10**14, 10**16)]
)
async def test_a_usage_can_be_wrong(
    client: Client, wire: Wire, usage: str, low: int, high: int
) -> None:
    heard = await client.listen(wire, f"sandbox: pace_ms=0 usage={usage}")
    whole = await client.ask(wire, f"sandbox: pace_ms=0 usage={usage}")

    for counted in (_counted(wire, heard), wire.usage(await whole.json())):
        assert counted is not None
        assert low <= counted[1] <= high


@on_every_wire
async def test_a_usage_can_come_twice(client: Client, wire: Wire) -> None:
    once = await client.listen(wire, "sandbox: pace_ms=0 tokens=8")
    twice = await client.listen(wire, "sandbox: pace_ms=0 tokens=8 usage=twice")

    assert len(twice.events) == len(once.events) + 1
    assert [_counted(wire, heard)[1] for heard in (once, twice)] == [8, 8]


@on_every_wire
async def test_a_refusal_costs_its_tokens_and_says_that_it_is_one(
    client: Client, wire: Wire
) -> None:
    heard = await client.listen(wire, "Bonjour, comment faire ?\nsandbox: pace_ms=0 refuse")

    said = "".join(event.data for event in heard.events)
    signs = {
        "openai_chat": '"delta":{"refusal":"Je"}',
        "openai_responses": '"type":"response.refusal.done"',
        "anthropic_messages": '"stop_reason":"refusal"',
        "google_generate": '"finishReason":"SAFETY"',
    }
    assert signs[wire.name] in said
    assert _counted(wire, heard)[1] > 0


@on_every_wire
async def test_a_filter_says_nothing_at_all(client: Client, wire: Wire) -> None:
    heard = await client.listen(wire, "sandbox: pace_ms=0 refuse=filter")

    said = "".join(event.data for event in heard.events)
    signs = {
        "openai_chat": '"finish_reason":"content_filter"',
        "openai_responses": '"incomplete_details":{"reason":"content_filter"}',
        "anthropic_messages": '"stop_reason":"refusal"',
        "google_generate": '"finishReason":"PROHIBITED_CONTENT"',
    }
    assert signs[wire.name] in said
    assert _pieces(wire, heard) == []


@on_every_wire
async def test_an_unknown_switch_is_refused_with_those_that_exist(
    client: Client, wire: Wire
) -> None:
    response = await client.ask(wire, "Hello\nsandbox: paces=3")

    message = (await response.json())["error"]["message"]
    assert response.status == 400
    for known in ("pace_ms", "first_ms", "error_after", "cut_after", "usage", "refuse", "text"):
        assert known in message


@on_every_wire
async def test_the_header_tells_what_the_message_does_not(client: Client, wire: Wire) -> None:
    body = wire.body("sandbox: tokens=4", model="writer", is_stream=True, limit=50)
    header = {"x-sandbox": "tokens=9 pace_ms=0"}

    heard = await client.stream(wire.path("writer", is_stream=True), body, header)

    assert len(_pieces(wire, heard)) == 4


def _counted(wire: Wire, heard: Heard) -> tuple[int, int]:
    """The last word on input and output tokens."""
    bodies = (event.body for event in reversed(heard.events) if event.data != "[DONE]")
    return next(counted for body in bodies if (counted := wire.usage(body)))
