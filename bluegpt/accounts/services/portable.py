"""The settings of an account, to be taken to another one."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from bluegpt.accounts.queries.people import person
from bluegpt.accounts.services import people
from bluegpt.core.portable import Prepared, Record, Taken

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


def is_empty(_person_id: UUID) -> bool:
    """Always: an account has settings from its first day, and they may be replaced."""
    return True


def prepare(taken: Taken) -> Prepared:
    """Language and theme are taken over. The address is not: this account has its own."""

    def commit() -> None:
        for record in taken.records["settings"]:
            people.set_language(person_id=taken.person_id, language=record["language"])
            people.set_theme(person_id=taken.person_id, theme=record["theme"])

    return Prepared(commit=commit, undo=lambda: None)
