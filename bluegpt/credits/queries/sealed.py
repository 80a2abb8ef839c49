"""Opening what credits keeps sealed. The context binds a text to its table, column and row."""

from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.services import seal as vault


def context(place: str, row_id: UUID) -> str:
    """Where a sealed value belongs: "credits.case.words:<id>"."""
    return f"credits.{place}:{row_id}"


def open_text(sealed: bytes | memoryview, *, person_id: UUID, place: str, row_id: UUID) -> str:
    """The text of one sealed value; "" for one that never was, or that was erased since."""
    if not sealed:
        return ""
    try:
        plain = vault.open_sealed(
            bytes(sealed),
            person_id=person_id,
            data_class=DataClass.CONTENT,
            context=context(place, row_id),
        )
    except CannotOpen:
        return ""  # the account was closed: its case stays, its words are gone
    return plain.decode()
