"""One table of a chapter, read key by key: what is missing, wrong or unknown becomes a finding."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from bluegpt.privacy.types.texts import Text

E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")

LANGUAGES = ("en", "fr")


class Block:
    """A table and the findings about it. Each key is asked for once; `close` reports the rest."""

    def __init__(self, name: str, table: Mapping[str, Any], findings: list[str]) -> None:
        self.name = name
        self._table = dict(table)
        self._findings = findings

    def finding(self, sentence: str) -> None:
        self._findings.append(f"{self.name}: {sentence}")

    def text(self, key: str) -> Text:
        return self.optional_text(key) or self._missing(key, Text(en="", fr=""))

    def optional_text(self, key: str) -> Text | None:
        """A sentence: a table with every language, or one string that is the same in all.

        An empty string is no sentence: so an overlay takes away what a chapter says.
        """
        value = self._table.pop(key, "")
        if value == "":
            return None
        if isinstance(value, str):
            value = dict.fromkeys(LANGUAGES, value)
        if not isinstance(value, Mapping) or set(value) != set(LANGUAGES):
            self.finding(f"{key} needs the languages {' and '.join(LANGUAGES)}")
            return Text(en="", fr="")
        for language in LANGUAGES:
            if not isinstance(value[language], str) or not value[language].strip():
                self.finding(f"{key}.{language} says nothing")
        return Text(en=str(value["en"]), fr=str(value["fr"]))

    def words(self, key: str) -> str:
        return self.optional_words(key) or self._missing(key, "")

    def optional_words(self, key: str) -> str:
        return str(self._of_type(key, str, ""))

    def word_list(self, key: str) -> tuple[str, ...]:
        if key not in self._table:
            return self._missing(key, ())
        return self.optional_word_list(key)

    def optional_word_list(self, key: str) -> tuple[str, ...]:
        values = self._of_type(key, list, [])
        if any(not isinstance(value, str) or not value for value in values):
            self.finding(f"{key} must be a list of words")
            return ()
        if len(set(values)) != len(values):
            self.finding(f"{key} names something twice")
        return tuple(values)

    def members(self, key: str, choices: type[E]) -> frozenset[E]:
        """A list of words, each one of `choices`."""
        chosen = (self._chosen(key, word, choices, {}) for word in self.word_list(key))
        return frozenset(each for each in chosen if each is not None)

    def whole(self, key: str) -> int:
        number = self._of_type(key, int, 0)
        return number or self._missing(key, 0)

    def optional_whole(self, key: str) -> int | None:
        number: int | None = self._of_type(key, int, None)
        return number

    def flag(self, key: str) -> bool | None:
        value: bool | None = self._of_type(key, bool, None)
        return value

    def day(self, key: str) -> date | None:
        value: date | None = self._of_type(key, date, None)
        return value

    def choice(self, key: str, choices: type[E], *, refusals: Mapping[str, str]) -> E:
        """One of `choices`; `refusals` explains the values that are refused for a reason."""
        first = next(iter(choices))
        word = self.words(key)
        if not word:
            return first
        return self._chosen(key, word, choices, refusals) or first

    def optional_choice(self, key: str, choices: type[E]) -> E | None:
        """One of `choices`, or nothing when the key is not there."""
        word = self.optional_words(key)
        return self._chosen(key, word, choices, {}) if word else None

    def choices(
        self, key: str, keys: type[E], values: type[StrEnum], *, refusals: Mapping[str, str]
    ) -> dict[E, StrEnum]:
        """A table from one vocabulary to another."""
        found: dict[E, StrEnum] = {}
        for left, right in self._of_type(key, dict, {}).items():
            chosen = self._chosen(key, left, keys, {}), self._chosen(key, right, values, refusals)
            if chosen[0] is not None and chosen[1] is not None:
                found[chosen[0]] = chosen[1]
        return found

    def made(self, key: str, make: Callable[[str], V], otherwise: V) -> V:
        """A word turned into something by `make`, whose ValueError becomes a finding."""
        word = self.words(key)
        if not word:
            return otherwise
        try:
            return make(word)
        except ValueError as wrong:
            self.finding(f"{key}: {wrong}")
            return otherwise

    def inner(self, key: str) -> "Block":
        """The table under a key; an empty one, and a finding, when there is none."""
        table: dict[str, Any] = self._of_type(key, dict, {}) or self._missing(key, {})
        return Block(f"{self.name}.{key}", table, self._findings)

    def tables(self, keys: Collection[str] = ()) -> Iterator["Block"]:
        """Every entry as a table of its own; where `keys` are given, no other may be there."""
        for key in sorted(self._table):
            table = self._table[key]
            if keys and key not in keys:
                self.finding(f"{key} does not exist")
            elif isinstance(table, Mapping):
                yield Block(f"{self.name}.{key}", table, self._findings)
            else:
                self.finding(f"{key} must be a table")
        self._table = {}

    def close(self) -> None:
        for key in sorted(self._table):
            self.finding(f"{key} is not a key that is known here")

    @property
    def key(self) -> str:
        return self.name.rsplit(".", 1)[-1]

    def _missing(self, key: str, otherwise: V) -> V:
        self.finding(f"{key} is missing")
        return otherwise

    def _of_type(self, key: str, kind: type, otherwise: Any) -> Any:
        value = self._table.pop(key, otherwise)
        # bool is an int and datetime a date in Python; in a manifest they are not.
        if value is not otherwise and type(value) is not kind:
            self.finding(f"{key} must be of type {kind.__name__}")
            return otherwise
        return value

    def _chosen(
        self, key: str, word: object, choices: type[E], refusals: Mapping[str, str]
    ) -> E | None:
        if isinstance(word, str):
            with suppress(ValueError):
                return choices(word)
        why = refusals.get(str(word)) or f"one of {', '.join(choices)} is expected"
        self.finding(f"{key} is {word!r}: {why}")
        return None
