"""What each portable record looks like. JSON Schema, draft 2020-12."""

from collections.abc import Mapping
from typing import Any

_ID = {"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36}
_AT = {"type": "string", "format": "date-time", "maxLength": 40}
_MAYBE_ID = {"anyOf": [_ID, {"type": "null"}]}
_MAYBE_AT = {"anyOf": [_AT, {"type": "null"}]}
_TEXT = {"type": "string", "maxLength": 4_000_000}
_NAME = {"type": "string", "maxLength": 200}
_PATH = {"type": "string", "maxLength": 100}
_WHOLE = {"type": "integer"}


def _object(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


_MADE_BY = {
    "anyOf": [
        _object(
            model=_NAME,
            company=_NAME,
            terms_url={"type": "string", "maxLength": 400},
            terms_of={"type": "string", "format": "date", "maxLength": 10},
        ),
        {"type": "null"},
    ]
}

SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "conversations": _object(
        id=_ID,
        title={"type": "string", "maxLength": 200},
        title_is_chosen={"type": "boolean"},
        system=_TEXT,
        model_key={"type": "string", "maxLength": 200},
        leaf_id=_MAYBE_ID,
        created_at=_AT,
        last_message_at=_AT,
        pinned_at=_MAYBE_AT,
        archived_at=_MAYBE_AT,
    ),
    "messages": _object(
        id=_ID,
        conversation_id=_ID,
        parent_id=_MAYBE_ID,
        role={"enum": ["user", "assistant"]},
        text=_TEXT,
        reasoning=_TEXT,
        created_at=_AT,
        made_by=_MADE_BY,
    ),
    "attachments": _object(
        id=_ID,
        message_id=_ID,
        name={"type": "string", "maxLength": 200},
        media_type={"type": "string", "maxLength": 40},
        file=_PATH,
        created_at=_AT,
    ),
}

# Pictures and films. `settings` are what was chosen beside the words, by name.
GALLERY_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "creations": _object(
        id=_ID,
        message_id=_MAYBE_ID,
        source_id=_MAYBE_ID,
        kind={"enum": ["picture", "film"]},
        prompt=_TEXT,
        settings={
            "type": "array",
            "maxItems": 40,
            "items": _object(name=_NAME, value={"anyOf": [_NAME, _WHOLE, {"type": "boolean"}]}),
        },
        input_ids={"type": "array", "maxItems": 40, "items": _ID},
        model_key=_NAME,
        made_by=_MADE_BY,
        created_at=_AT,
    ),
    "assets": _object(
        id=_ID,
        creation_id=_MAYBE_ID,
        kind={"enum": ["picture", "film"]},
        origin={"enum": ["made", "given"]},
        place=_WHOLE,
        name=_NAME,
        media_type={"type": "string", "maxLength": 40},
        file=_PATH,
        favourite_at=_MAYBE_AT,
        created_at=_AT,
    ),
    "albums": _object(id=_ID, name=_NAME, created_at=_AT),
    "album_entries": _object(id=_ID, album_id=_ID, asset_id=_ID, added_at=_AT),
}
