"""OpenAI's published API description as a judge of what we send and of what the sandbox says."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_FILE = Path(__file__).parent / "wire" / "openai" / "openapi.json"
_URI = "urn:openai"


def check(body: Any, schema: str) -> None:
    """Fail, with the places, when `body` is not what the description calls `schema`."""
    problems = [
        f"{error.json_path}: {error.message[:300]}" for error in _judge(schema).iter_errors(body)
    ]
    assert not problems, problems


def check_request(schema: str, body: dict[str, Any]) -> None:
    """Fail unless the body is valid, and each of its fields is described."""
    check(body, schema)
    unknown = body.keys() - request_fields(schema)
    assert not unknown, f"fields that OpenAI does not describe: {sorted(unknown)}"


def event_schema(name: str) -> str:
    """The schema of the Responses event of this type."""
    return _event_schemas()[name]


def request_fields(schema: str) -> frozenset[str]:
    """The names at the top of a request."""
    return frozenset(_properties(_document()["components"]["schemas"][schema]))


@cache
def _document() -> Any:
    return _as_json_schema(orjson.loads(_FILE.read_bytes()))


@cache
def _judge(schema: str) -> Draft202012Validator:
    resource = DRAFT202012.create_resource(_document())
    registry: Registry[Any] = Registry().with_resource(_URI, resource)
    return Draft202012Validator({"$ref": f"{_URI}#/components/schemas/{schema}"}, registry=registry)


@cache
def _event_schemas() -> dict[str, str]:
    schemas = _document()["components"]["schemas"]
    names = (place["$ref"].rsplit("/", 1)[1] for place in schemas["ResponseStreamEvent"]["anyOf"])
    return {schemas[name]["properties"]["type"]["enum"][0]: name for name in names}


def _as_json_schema(node: Any) -> Any:
    """The description in JSON Schema's own words.

    `nullable` is an alternative there, and OpenAI writes `oneOf` where several may fit: a message
    is an "easy" message and a full one.
    """
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {
        "anyOf" if name == "oneOf" and isinstance(item, list) else name: _as_json_schema(item)
        for name, item in node.items()
        if name != "nullable"
    }
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


def _properties(schema: Any) -> set[str]:
    if "$ref" in schema:
        schema = _document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    names = set(schema.get("properties", ()))
    for part in schema.get("allOf", ()):
        names |= _properties(part)
    return names
