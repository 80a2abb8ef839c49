"""Sealing and opening: what a person wrote or got, under their key of that data class.

`context` says where the value lives, "table.column:row id"; it is bound to the value, so the same
bytes do not open anywhere else. See `bluegpt.vault.rules.envelope` for the format.
"""

import os
from collections.abc import Iterable, Iterator
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.vault.rules import envelope, pieces
from bluegpt.vault.rules.envelope import Key
from bluegpt.vault.rules.pieces import Pieces
from bluegpt.vault.services import keys


def seal(plaintext: bytes, *, person_id: UUID, data_class: DataClass, context: str) -> bytes:
    """The sealed bytes, 65 longer than the plaintext.

    The key is committed in the vault before this returns. Raises vault.errors.PersonErased.
    """
    key = keys.key_for_sealing(person_id=person_id, data_class=data_class)
    salt = os.urandom(envelope.SALT_BYTES)
    return envelope.seal(plaintext, key=key, salt=salt, context=context)


def open_sealed(sealed: bytes, *, person_id: UUID, data_class: DataClass, context: str) -> bytes:
    """The plaintext.

    Raises vault.errors.CannotOpen for a destroyed key, another person, class or context, or an
    altered byte.
    """
    key_id = envelope.key_id_of(sealed)
    key = keys.key_for_opening(key_id, person_id=person_id, data_class=data_class)
    return envelope.unseal(sealed, key=key, context=context)


def open_pieces(sealed: bytes, *, person_id: UUID, data_class: DataClass, context: str) -> bytes:
    """The plaintext of a file in pieces that is whole in memory. Raises CannotOpen."""
    key = keys.key_for_opening(pieces.key_id_of(sealed), person_id=person_id, data_class=data_class)
    cipher = Pieces(key, salt=pieces.salt_of(sealed), context=context)
    last = pieces.count_of(pieces.size_of(len(sealed))) - 1
    whole = memoryview(sealed)
    return b"".join(
        cipher.open(
            whole[pieces.place_of(number) : pieces.place_of(number + 1)],
            number=number,
            is_last=number == last,
        )
        for number in range(last + 1)
    )


def open_many(
    items: Iterable[tuple[bytes, str]], *, person_id: UUID, data_class: DataClass
) -> Iterator[bytes]:
    """The plaintexts of (sealed, context) pairs, in order, with one look-up per key.

    Raises CannotOpen at the first value that does not open.
    """
    opened: dict[UUID, Key] = {}
    for sealed, context in items:
        key_id = envelope.key_id_of(sealed)
        key = opened.get(key_id)
        if key is None:
            key = keys.key_for_opening(key_id, person_id=person_id, data_class=data_class)
            opened[key_id] = key
        yield envelope.unseal(sealed, key=key, context=context)


def destroy_keys(*, person_id: UUID, data_class: DataClass | None = None) -> int:
    """Destroy the person's key of one class, or of all; returns how many keys ended.

    Whatever was sealed with them stays closed: in this process at once, in others within
    `keys.CACHED_S` seconds. Repeatable. With one class, a new value gets a new key; with all, the
    person can have no more keys.
    """
    return keys.destroy(person_id=person_id, data_class=data_class)


def living_keys(*, person_id: UUID, data_classes: Iterable[DataClass]) -> int:
    """How many keys of these classes the person has."""
    return keys.living(person_id=person_id, data_classes=data_classes)
