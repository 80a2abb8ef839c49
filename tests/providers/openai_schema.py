"""OpenAI's published API description as a judge of what we send."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

DESCRIPTION = Path(__file__).parent / "wire" / "openai" / "openapi.json"


def check_request(schema: str, body: dict[str, Any]) -> None:
    """Fail unless the body is valid, and each of its fields is described."""
    whole = _described()
    Draft202012Validator({"$ref": f"#/components/schemas/{schema}"} | whole).validate(body)
    unknown = body.keys() - set(_fields(whole, whole["components"]["schemas"][schema]))
    assert not unknown, f"fields that OpenAI does not describe: {sorted(unknown)}"


@cache
def _described() -> dict[str, Any]:
    body: dict[str, Any] = _as_schema(json.loads(DESCRIPTION.read_bytes()))
    return {"components": body["components"]}


def _as_schema(value: Any) -> Any:
    """The description in JSON Schema's own words.

    `nullable` is an alternative there, and `oneOf` is written where several may fit: a message
    is an "easy" message and a full one.
    """
    if isinstance(value, list):
        return [_as_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {
        "anyOf" if name == "oneOf" and isinstance(item, list) else name: _as_schema(item)
        for name, item in value.items()
        if name != "nullable"
    }
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


def _fields(whole: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    yield from schema.get("properties", {})
    for part in schema.get("allOf", ()):
        yield from _fields(whole, part)
