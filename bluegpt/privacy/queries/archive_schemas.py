"""The JSON Schemas of the two archives, made from the declarations. Draft 2020-12."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Field

from bluegpt.core.personal_data import Table
from bluegpt.core.portable import portables
from bluegpt.privacy.queries.information import sources_of
from bluegpt.privacy.queries.rows import archived_tables, columns_of, model_of

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "UUIDField": {"type": "string", "format": "uuid"},
    "DateTimeField": {"type": "string", "format": "date-time"},
    "DateField": {"type": "string", "format": "date"},
    "BooleanField": {"type": "boolean"},
    "JSONField": {},
}


def path_of(table: Table) -> str:
    """The file of an access archive that holds a table's rows."""
    return f"data/{table.model.lower()}.json"


def access_schema() -> dict[str, Any]:
    """One definition per file of data, by its path; each column with its label and its source."""
    return {
        "$schema": _DRAFT,
        "title": "BlueGPT access archive",
        "type": "object",
        "required": ["format", "made_at", "policy_digest", "operator", "purposes", "recipients"],
        "properties": {"format": {"const": "bluegpt-archive-1"}},
        "$defs": {path_of(table): _rows_schema(table) for table in archived_tables()},
    }


def portable_schema() -> dict[str, Any]:
    """One definition per file of records, by its path."""
    kinds = {
        f"{kind}.json": {"type": "array", "items": dict(schema)}
        for portable in portables()
        for kind, schema in portable.schemas.items()
    }
    return {
        "$schema": _DRAFT,
        "title": "BlueGPT portable archive",
        "type": "object",
        "required": ["format", "kinds"],
        "properties": {
            "format": {"const": "bluegpt-portable-1"},
            "kinds": {"type": "array", "items": {"type": "string"}},
        },
        "$defs": kinds,
    }


def _rows_schema(table: Table) -> dict[str, Any]:
    fields = {field.attname: field for field in model_of(table)._meta.local_concrete_fields}
    columns = columns_of(table)
    sources = sources_of(table)
    properties = {
        key: {
            "title": str(table.labels.get(fields[attname].name, fields[attname].name)),
            "description": sources[fields[attname].name],
            **_type_of(fields[attname], key),
        }
        for attname, key in columns.items()
    }
    return {
        "type": "array",
        "title": str(table.name),
        "items": {
            "type": "object",
            "properties": properties,
            "required": sorted(columns.values()),
            "additionalProperties": False,
        },
    }


def _type_of(field: "Field[Any, Any]", key: str) -> dict[str, Any]:
    kind = field.get_internal_type()
    if kind in {"ForeignKey", "OneToOneField"}:
        kind = field.target_field.get_internal_type()  # type: ignore[attr-defined]
    if kind in _TYPES:
        found = dict(_TYPES[kind])
    elif "Integer" in kind or "AutoField" in kind:
        found = {"type": "integer"}
    else:
        found = {"type": "string"}
    # A sealed text whose key is gone is null.
    if "type" in found and (field.null or kind == "BinaryField"):
        found["type"] = [found["type"], "null"]
    return found
