"""The settings of an account, to be taken to another one."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from bluegpt.accounts.queries.people import person
from bluegpt.accounts.services import people
from bluegpt.core.portable import Record

SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "settings": {
        "type": "object",
        "properties": {
            "email": {"type": "string", "maxLength": 254},
            "language": {"enum": ["", "en", "fr"]},
            "theme": {"enum": list(people.THEMES)},
        },
        "required": ["email", "language", "theme"],
        "additionalProperties": False,
    }
}


def records(_kind: str, person_id: UUID) -> Iterator[Record]:
    """One record: the address, and what was chosen for the pages."""
    facts = person(person_id)
    yield Record(values={"email": facts.email, "language": facts.language, "theme": facts.theme})
