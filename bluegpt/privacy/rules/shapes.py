"""Whether a value has the shape that a published JSON Schema gives it.

Knows the words that our own schemas use and no others: a schema with another word is our mistake.
"""

from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "null": type(None),
}


def fits(value: Any, schema: Schema) -> bool:
    """Whether the value is as the schema says. Raises KeyError for a word that is not known."""
    return all(_WORDS[word](value, told, schema) for word, told in schema.items())


def _type(value: Any, told: str, _schema: Schema) -> bool:
    if told == "integer" and isinstance(value, bool):
        return False  # a number to Python, and to nobody else
    return isinstance(value, _TYPES[told])


def _any_of(value: Any, told: list[Schema], _schema: Schema) -> bool:
    return any(fits(value, each) for each in told)


def _enum(value: Any, told: list[Any], _schema: Schema) -> bool:
    return value in told


def _max_length(value: Any, told: int, _schema: Schema) -> bool:
    return not isinstance(value, str) or len(value) <= told


def _min_length(value: Any, told: int, _schema: Schema) -> bool:
    return not isinstance(value, str) or len(value) >= told


def _items(value: Any, told: Schema, _schema: Schema) -> bool:
    return not isinstance(value, list) or all(fits(each, told) for each in value)


def _max_items(value: Any, told: int, _schema: Schema) -> bool:
    return not isinstance(value, list) or len(value) <= told


def _properties(value: Any, told: Mapping[str, Schema], _schema: Schema) -> bool:
    return not isinstance(value, dict) or all(
        fits(value[name], schema) for name, schema in told.items() if name in value
    )


def _required(value: Any, told: list[str], _schema: Schema) -> bool:
    return not isinstance(value, dict) or set(told) <= set(value)


def _additional(value: Any, told: bool, schema: Schema) -> bool:
    return told or not isinstance(value, dict) or set(value) <= set(schema["properties"])


def _format(_value: Any, _told: str, _schema: Schema) -> bool:
    return True  # an annotation: whoever reads the value parses it


_WORDS: Mapping[str, Callable[[Any, Any, Schema], bool]] = {
    "type": _type,
    "anyOf": _any_of,
    "enum": _enum,
    "maxLength": _max_length,
    "minLength": _min_length,
    "items": _items,
    "maxItems": _max_items,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _additional,
    "format": _format,
}
