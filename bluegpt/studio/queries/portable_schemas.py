"""What each portable record looks like. JSON Schema, draft 2020-12."""

from collections.abc import Mapping
from typing import Any

_ID = {"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36}
_AT = {"type": "string", "format": "date-time", "maxLength": 40}
_MAYBE_ID = {"anyOf": [_ID, {"type": "null"}]}
_MAYBE_AT = {"anyOf": [_AT, {"type": "null"}]}
_TEXT = {"type": "string", "maxLength": 4_000_000}
_PATH = {"type": "string", "maxLength": 100}


def _object(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
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
        made_by={
            "anyOf": [
                _object(
                    model={"type": "string", "maxLength": 200},
                    company={"type": "string", "maxLength": 200},
                    terms_url={"type": "string", "maxLength": 400},
                    terms_of={"type": "string", "format": "date", "maxLength": 10},
                ),
                {"type": "null"},
            ]
        },
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
