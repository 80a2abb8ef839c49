"""Opening what studio keeps sealed. The context binds a text to its table, column and row."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.vault.services import seal as vault

# What the database gives back for sealed bytes.
Sealed = bytes | memoryview


def context(place: str, row_id: UUID) -> str:
    """Where a sealed value belongs: "studio.message.text:<id>"."""
    return f"studio.{place}:{row_id}"


def open_text(sealed: Sealed, *, person_id: UUID, place: str, row_id: UUID) -> str:
    """The text of one sealed value; an empty value was never sealed."""
    if not sealed:
        return ""
    plain = vault.open_sealed(
        bytes(sealed),
        person_id=person_id,
        data_class=DataClass.CONTENT,
        context=context(place, row_id),
    )
    return plain.decode()


def open_texts(
    items: Iterable[tuple[Sealed, UUID]], *, person_id: UUID, place: str
) -> Iterator[str]:
    """The texts of many sealed values of one column, in order, with one key look-up."""
    pairs = [(bytes(sealed), context(place, row_id)) for sealed, row_id in items]
    opened = vault.open_many(
        [pair for pair in pairs if pair[0]], person_id=person_id, data_class=DataClass.CONTENT
    )
    for sealed, _place in pairs:
        yield next(opened).decode() if sealed else ""
