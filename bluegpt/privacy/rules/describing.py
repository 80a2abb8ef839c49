"""The JSON Schema of what is published, written down while the readers read nothing.

Each reader of a chapter is given a table that notes what it is asked for. So the schema says what
the readers take, and cannot fall behind them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from typing_extensions import override

from bluegpt.privacy.rules.blocks import LANGUAGES, Block
from bluegpt.privacy.rules.documents import PROOF
from bluegpt.privacy.rules.durations import FORM, duration
from bluegpt.privacy.types.texts import Text

Schema = dict[str, Any]
E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")

_WORD: Schema = {"type": "string", "minLength": 1}
_SAID: Schema = {"$ref": "#/$defs/text"}
_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_LINK: Schema = {"pattern": "^(https://.+)?$"}
_COUNTRY: Schema = {"pattern": "^[A-Z]{2}$"}
_TEXT: Schema = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "required": list(LANGUAGES),
            "additionalProperties": False,
            "properties": dict.fromkeys(LANGUAGES, _WORD),
        },
    ]
}
# What the linter refuses besides, where a schema can say it. A star stands for any entry.
_NARROWER: Mapping[tuple[str, ...], Schema] = {
    ("operator", "country"): _COUNTRY,
    ("operator", "authority_url"): _LINK,
    ("operator", "age_minimum_years"): {"minimum": 15},
    ("purposes", "*", "bases"): {"minProperties": 1},
    ("recipients", "*", "country"): {"pattern": "^([A-Z]{2}|operator)?$"},
    ("recipients", "*", "terms_url"): _LINK,
    ("recipients", "*", "dpa_url"): _LINK,
    ("recipients", "*", "trains_on_prompts"): {"const": False},
    ("transfers", "*", "countries"): {"items": {"type": "string", **_COUNTRY}},
}


def schema(readers: Mapping[str, Callable[[Block], Any]]) -> Schema:
    """What every published manifest satisfies, by the readers of its chapters."""
    chapters = {name: _described(name, read) for name, read in sorted(readers.items())}
    for (chapter, *path), narrower in _NARROWER.items():
        _at(chapters[chapter], path).update(narrower)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A privacy policy that a machine can read",
        "description": "Its chapters; the SHA-256 of the canonical JSON is its version.",
        "type": "object",
        "required": list(chapters),
        "additionalProperties": False,
        "properties": chapters,
        "$defs": {"text": _TEXT},
    }


def _described(name: str, read: Callable[[Block], Any]) -> Schema:
    table = _Table(name)
    read(table)
    return table.schema(unpublished=PROOF.get(name, frozenset()))


def _at(described: Schema, path: list[str]) -> Schema:
    for step in path:
        described = (
            described["additionalProperties"] if step == "*" else described["properties"][step]
        )
    return described


class _Table(Block):
    """Holds nothing, finds nothing wrong, and notes each key that it is asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(name, {}, [])
        self._asked: dict[str, Schema | _Table] = {}
        self._required: list[str] = []
        self._entry: _Table | None = None
        self._keys: Collection[str] = ()

    def schema(self, *, unpublished: Collection[str] = ()) -> Schema:
        """The table as a schema, its inner tables with it."""
        described: Schema = {
            "type": "object",
            "required": [key for key in self._required if key not in unpublished],
            "additionalProperties": self._entry is not None
            and self._entry.schema(unpublished=unpublished),
            "properties": {
                key: asked.schema() if isinstance(asked, _Table) else dict(asked)
                for key, asked in self._asked.items()
                if key not in unpublished
            },
        }
        if self._keys:
            described["propertyNames"] = {"enum": [*self._asked, *self._keys]}
        return described

    def _must(self, key: str, asked: "Schema | _Table") -> None:
        self._asked[str(key)] = asked
        self._required.append(str(key))

    @override
    def text(self, key: str) -> Text:
        self._must(key, _SAID)
        return Text(en="", fr="")

    @override
    def optional_text(self, key: str) -> Text | None:
        self._asked[key] = _SAID
        return None

    @override
    def words(self, key: str) -> str:
        self._must(key, _WORD)
        return ""

    @override
    def optional_words(self, key: str) -> str:
        self._asked[key] = {"type": "string"}
        return ""

    @override
    def word_list(self, key: str) -> tuple[str, ...]:
        self._must(key, _list_of(_WORD))
        return ()

    @override
    def optional_word_list(self, key: str) -> tuple[str, ...]:
        self._asked[key] = _list_of(_WORD)
        return ()

    @override
    def members(self, key: str, choices: type[E]) -> frozenset[E]:
        self._must(key, _list_of({"enum": list(choices)}))
        return frozenset()

    @override
    def whole(self, key: str) -> int:
        self._must(key, {"type": "integer"})
        return 0

    @override
    def optional_whole(self, key: str) -> int | None:
        self._asked[key] = {"type": "integer"}
        return None

    @override
    def flag(self, key: str) -> bool | None:
        self._asked[key] = {"type": "boolean"}
        return None

    @override
    def day(self, key: str) -> date | None:
        self._asked[key] = _DAY
        return None

    @override
    def choice(self, key: str, choices: type[E], *, refusals: Mapping[str, str]) -> E:
        self._must(key, {"enum": list(choices)})
        return next(iter(choices))

    @override
    def optional_choice(self, key: str, choices: type[E]) -> E | None:
        self._asked[key] = {"enum": list(choices)}
        return None

    @override
    def choices(
        self, key: str, keys: type[E], values: type[StrEnum], *, refusals: Mapping[str, str]
    ) -> dict[E, StrEnum]:
        self._must(
            key,
            {
                "type": "object",
                "propertyNames": {"enum": list(keys)},
                "additionalProperties": {"enum": list(values)},
            },
        )
        return {}

    @override
    def made(self, key: str, make: Callable[[str], V], otherwise: V) -> V:
        assert make is duration, f"no pattern is known for what {key} is made of"
        self._must(key, {"type": "string", "pattern": f"^{FORM}$"})
        return otherwise

    @override
    def inner(self, key: str) -> Block:
        table = _Table(f"{self.name}.{key}")
        self._must(key, table)
        return table

    @override
    def tables(self, keys: Collection[str] = ()) -> Iterator[Block]:
        self._entry, self._keys = _Table(f"{self.name}.{next(iter(keys), '')}"), keys
        yield self._entry


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items, "uniqueItems": True}
