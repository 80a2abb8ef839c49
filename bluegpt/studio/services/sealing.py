"""Sealing what people write and get, under their content key."""

from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.studio.queries.opened import context
from bluegpt.vault.services import seal as vault


def seal_text(text: str, *, person_id: UUID, place: str, row_id: UUID) -> bytes:
    """The sealed form of a text; an empty text stays empty."""
    if not text:
        return b""
    return vault.seal(
        text.encode(),
        person_id=person_id,
        data_class=DataClass.CONTENT,
        context=context(place, row_id),
    )
