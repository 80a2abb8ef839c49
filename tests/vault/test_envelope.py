"""The envelope's bytes: what opens, and everything that must not."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.rules import envelope
from bluegpt.vault.rules.envelope import Key

KEY = Key(UUID(int=7), bytes(range(32)))
SALT = bytes(range(100, 132))
PERSON = UUID(int=1)
NONCE = bytes(12)


@given(plaintext=st.binary(max_size=2_000), context=st.text(max_size=80))
def test_what_was_sealed_opens_in_its_place(plaintext: bytes, context: str) -> None:
    sealed = envelope.seal(plaintext, key=KEY, salt=SALT, context=context)

    assert envelope.unseal(sealed, key=KEY, context=context) == plaintext
    assert envelope.key_id_of(sealed) == KEY.id
    assert len(sealed) == len(plaintext) + envelope.OVERHEAD_BYTES


def test_the_format_is_the_one_that_is_written_down() -> None:
    sealed = envelope.seal(b"bonjour", key=KEY, salt=SALT, context="studio.message.text:1")

    assert sealed[0] == 1
    assert sealed[1:17] == KEY.id.bytes
    assert sealed[17:49] == SALT
    # Never change this: it is what already lies in somebody's database.
    assert sealed[49:].hex() == "f6fe58ab538db87523d458fc61b29f52523757da1a0c06"


def test_a_wrapped_key_has_the_form_that_is_written_down() -> None:
    wrapped = envelope.wrap(
        KEY, root=b"r" * 32, nonce=NONCE, person_id=PERSON, data_class="content"
    )

    assert wrapped[:13] == b"\x01" + NONCE
    assert wrapped[13:45].hex() == (
        "612f585eb487e0cef6080690cf31d1dbb65c1ae15c1818196b9413c28ddd6c78"
    )
    assert wrapped[45:].hex() == "06b87d8fa475ff1a97ad2fdc06e49049"


@pytest.mark.parametrize("at", [0, 1, 16, 17, 48, 49, 55, -16, -1])
def test_one_altered_bit_anywhere_closes_it(at: int) -> None:
    sealed = bytearray(envelope.seal(b"bonjour", key=KEY, salt=SALT, context="c"))
    sealed[at] ^= 1

    with pytest.raises(CannotOpen):
        envelope.unseal(bytes(sealed), key=KEY, context="c")


@pytest.mark.parametrize("length", [0, 1, 17, 49, 64])
def test_a_cut_object_does_not_open(length: int) -> None:
    sealed = envelope.seal(b"", key=KEY, salt=SALT, context="c")

    with pytest.raises(CannotOpen):
        envelope.unseal(sealed[:length], key=KEY, context="c")
    with pytest.raises(CannotOpen):
        envelope.key_id_of(sealed[:length])


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealed = envelope.seal(b"bonjour", key=KEY, salt=SALT, context="message.text:1")

    with pytest.raises(CannotOpen):
        envelope.unseal(sealed, key=KEY, context="message.text:2")


def test_another_key_with_the_same_id_does_not_open() -> None:
    sealed = envelope.seal(b"bonjour", key=KEY, salt=SALT, context="c")

    with pytest.raises(CannotOpen):
        envelope.unseal(sealed, key=Key(KEY.id, b"k" * 32), context="c")


@pytest.mark.parametrize(
    "changed",
    [
        {"root": b"s" * 32},
        {"key_id": UUID(int=8)},
        {"person_id": UUID(int=2)},
        {"data_class": "identity"},
    ],
)
def test_a_class_key_unwraps_only_for_its_root_row_owner_and_class(
    changed: dict[str, object],
) -> None:
    wrapped = envelope.wrap(
        KEY, root=b"r" * 32, nonce=NONCE, person_id=PERSON, data_class="content"
    )
    right = {
        "key_id": KEY.id,
        "root": b"r" * 32,
        "person_id": PERSON,
        "data_class": "content",
    }

    assert envelope.unwrap(wrapped, **right) == KEY  # type: ignore[arg-type]
    with pytest.raises(CannotOpen):
        envelope.unwrap(wrapped, **(right | changed))  # type: ignore[arg-type]


def test_a_key_does_not_show_itself() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert str(KEY.secret) not in repr(KEY)
