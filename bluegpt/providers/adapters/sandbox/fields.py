"""Reading a JSON body field by field, complaining in the words of a dialect."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording


def known(wire: str) -> frozenset[str]:
    """The names of the fields that a request on `wire` may have at its top."""
    path = Path(__file__).with_name("known_fields.json")
    return frozenset(orjson.loads(path.read_bytes())[wire])


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The four complaints about a field, each with {at} and, the middle two, {why}."""

    missing: Wording
    wrong_type: Wording
    wrong_value: Wording
    unknown: Wording
    item: str = "{name}.{index}"  # how a place in a list is named
    takes_snake_case: bool = False  # beside camelCase, as Google's JSON does


class Fields:
    """One JSON object of a request. A null counts as absent, as it does with the real ones."""

    __slots__ = ("_at", "_body", "voice")

    def __init__(self, body: Any, voice: Voice, *, at: str = "") -> None:
        self.voice = voice
        self._at = at
        if not isinstance(body, dict):
            raise self._refuse(voice.wrong_type, at or "body", "an object")
        self._body: dict[str, Any] = body
        if voice.takes_snake_case:
            self._body = {_camel_case(name): value for name, value in body.items()}

    def has(self, name: str) -> bool:
        return self._body.get(name) is not None

    def raw(self, name: str) -> Any:
        return self._body.get(name)

    def refuse(self, name: str, why: str) -> Refusal:
        """A complaint about the value of `name`, to be raised."""
        return self._refuse(self.voice.wrong_value, self.path(name), why)

    def missing(self, name: str) -> Refusal:
        return self._refuse(self.voice.missing, self.path(name))

    def path(self, name: str) -> str:
        return f"{self._at}.{name}" if self._at else name

    def only(self, names: Iterable[str]) -> None:
        """Refuse fields that the real API does not know."""
        for name in self._body.keys() - set(names):
            raise self._refuse(self.voice.unknown, self.path(name))

    def text(self, name: str, default: str | None = None) -> str:
        return str(self._typed(name, str, "a string", default))

    def flag(self, name: str, default: bool = False) -> bool:
        return bool(self._typed(name, bool, "a boolean", default))

    def choice(self, name: str, among: Iterable[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value != default and value not in (allowed := tuple(among)):
            raise self.refuse(name, f"expected one of {', '.join(allowed)}")
        return value

    def integer(self, name: str, *, least: int, default: int | None = None) -> int:
        value = self._typed(name, int, "an integer", default)
        if isinstance(value, bool):
            raise self._refuse(self.voice.wrong_type, self.path(name), "an integer")
        if value < least:
            raise self.refuse(name, f"expected a value of at least {least}, but got {value}")
        return int(value)

    def number_within(self, name: str, low: float, high: float) -> None:
        """Check a number that the sandbox has no use for."""
        value = self._typed(name, (int, float), "a number", low)
        if not low <= value <= high:
            raise self.refuse(name, f"expected a value from {low:g} to {high:g}")

    def inner(self, name: str) -> "Fields | None":
        """The object under `name`, or None when it is absent."""
        return self._inner(self.raw(name), name) if self.has(name) else None

    def each(self, name: str) -> list["Fields"]:
        """The objects in the list under `name`."""
        items = self._typed(name, list, "an array", None)
        place = self.voice.item
        return [
            self._inner(item, place.format(name=name, index=index))
            for index, item in enumerate(items)
        ]

    def texts(self, name: str, *, most: int) -> tuple[str, ...]:
        """A list of strings, or one string alone; empty when absent."""
        value = self._typed(name, (str, list), "a string or an array of strings", [])
        texts = (value,) if isinstance(value, str) else tuple(value)
        if not all(isinstance(text, str) and text for text in texts):
            raise self.refuse(name, "expected strings that are not empty")
        if len(texts) > most:
            raise self.refuse(name, f"expected at most {most} strings")
        return texts

    def _typed(self, name: str, kind: Any, expected: str, default: Any) -> Any:
        value = self._body.get(name)
        if value is None:
            if default is None:
                raise self.missing(name)
            return default
        if not isinstance(value, kind):
            raise self._refuse(self.voice.wrong_type, self.path(name), expected)
        return value

    def _inner(self, body: Any, name: str) -> "Fields":
        return Fields(body, self.voice, at=self.path(name))

    @staticmethod
    def _refuse(wording: Wording, at: str, why: str = "") -> Refusal:
        return wording.refusal(param=at, at=at, why=why)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
