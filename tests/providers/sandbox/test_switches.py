"""How the sandbox is told to behave."""

import pytest

from bluegpt.providers.adapters.sandbox import switches
from bluegpt.providers.adapters.sandbox.switches import BadSwitch, Switches


def _read(message: str, header: str = "") -> Switches:
    return switches.read(message=message, header=header)


def test_a_message_without_switches_leaves_everything_as_it_is() -> None:
    assert _read("Hello") == Switches()


def test_switches_stand_on_a_line_of_their_own() -> None:
    told = _read('Hello\n  Sandbox: tokens=5 pace_ms=1.5 text="a b"  \nBye')

    assert told == Switches(tokens=5, pace_ms=1.5, text="a b")
    assert switches.without_switches("Hello\nsandbox: tokens=5\nBye") == "Hello\nBye"


@pytest.mark.parametrize("text", ["sandbox: what are you?", "A sandbox: tokens=5", "sandbox:"])
def test_words_that_are_no_switches_are_left_alone(text: str) -> None:
    assert _read(text) == Switches()
    assert switches.without_switches(text) == text


def test_the_message_wins_over_the_header() -> None:
    told = _read("sandbox: tokens=5", header="tokens=9 pace_ms=0")

    assert told == Switches(tokens=5, pace_ms=0)


@pytest.mark.parametrize(
    "words",
    [
        *("tokens=-1", "tokens=many", "tokens=1000001", "tokens=", "tokens", "tokens=١"),
        *("pace_ms=nan", "pace_ms=-1", "pace_ms=1e9", "error=200", "usage=some", "refuse=loudly"),
        *("colour=blue", 'text="unclosed', "tokens=1 nonsense"),
    ],
)
def test_what_cannot_be_is_refused(words: str) -> None:
    with pytest.raises(BadSwitch, match="sandbox"):
        _read("", header=words)


def test_a_refusal_needs_no_value() -> None:
    assert _read("sandbox: refuse").refuse == "model"
    assert _read("sandbox: refuse=filter").refuse == "filter"
