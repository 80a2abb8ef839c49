"""What stands in place of an address in a row that others still hang on."""

from uuid import UUID


def erased_email(person_id: UUID) -> str:
    """An address that nobody has, and that is nobody else's."""
    return f"{person_id}@erased.invalid"
