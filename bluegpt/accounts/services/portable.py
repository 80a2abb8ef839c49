"""The settings of an account, to be taken to another one, and taken in there."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from bluegpt.accounts.queries.people import person
from bluegpt.accounts.services import people
from bluegpt.core.portable import Incoming, Record

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


def has_none(_person_id: UUID) -> bool:
    """Every account has settings, and they may always be replaced."""
    return True


def check(_incoming: Incoming) -> None:
    """Nothing beyond their shape."""


def take_in(incoming: Incoming) -> Mapping[str, int]:
    """Language and look; the address stays the one of this account."""
    count = 0
    for values in incoming.records("settings"):
        if values["language"]:
            people.set_language(person_id=incoming.person_id, language=values["language"])
        people.set_theme(person_id=incoming.person_id, theme=values["theme"])
        count += 1
    return {"settings": count}
