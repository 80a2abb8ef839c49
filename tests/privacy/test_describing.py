"""The published schema says what the readers take, and nothing else fits it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.rules import describing, documents, reading

SCHEMA = describing.schema(reading.CHAPTERS)
PUBLISHED = {
    name: documents.promised({name: table})[name] for name, table in chapters.packaged().items()
}


def fits(chapter: str, table: Mapping[str, Any]) -> bool:
    """Whether a chapter is as the schema of its own says."""
    described = SCHEMA["properties"][chapter] | {"$defs": SCHEMA["$defs"]}
    published = json.loads(documents.canonical_json(table))
    return bool(jsonschema.Draft202012Validator(described).is_valid(published))


def tables(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The place of every table in a chapter. Of many alike entries the first few will do."""
    yield path
    inner = [(key, each) for key, each in value.items() if isinstance(each, Mapping)]
    for key, each in inner[:8]:
        yield from tables(each, (*path, key))


def with_another_line(value: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    if not path:
        return {**value, "another": 1}
    return {**value, path[0]: with_another_line(value[path[0]], path[1:])}


@pytest.mark.parametrize("chapter", sorted(PUBLISHED))
def test_a_chapter_fits_and_no_table_of_it_takes_another_line(chapter: str) -> None:
    published = PUBLISHED[chapter]

    assert fits(chapter, published)
    open_tables = [
        path for path in tables(published) if fits(chapter, with_another_line(published, path))
    ]
    assert open_tables == []


def test_every_object_of_the_schema_is_closed() -> None:
    found = list(objects(SCHEMA))

    assert len(found) > 40
    assert [each for each in found if each.get("additionalProperties", True) is True] == []


def objects(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Every part of a schema that describes an object."""
    if isinstance(schema, Mapping):
        if schema.get("type") == "object":
            yield schema
        for each in schema.values():
            yield from objects(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from objects(each)


def test_a_line_that_a_reader_starts_to_take_is_in_the_schema() -> None:
    readers = {**reading.CHAPTERS, "dreams": lambda block: block.words("colour")}

    described = describing.schema(readers)

    assert "dreams" in described["required"]
    assert described["properties"]["dreams"]["required"] == ["colour"]


def test_what_proves_a_clause_is_not_published_and_not_described() -> None:
    clause = SCHEMA["properties"]["clauses"]["additionalProperties"]

    assert "text" in clause["required"]
    assert not documents.PROOF["clauses"] & set(clause["properties"])
