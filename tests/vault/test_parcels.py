"""A parcel opens for its receiver alone, whole and unchanged, or not at all."""

from collections.abc import Callable
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bluegpt.vault.errors import CannotOpen, NoParcelKey
from bluegpt.vault.rules import parcels as rules
from bluegpt.vault.services.parcels import PIECE_BYTES, ParcelWriter, opened
from tests.vault.key_pairs import key_pair, pem_pair

PRIVATE, PUBLIC = key_pair()


def sealed(text: bytes, to: bytes = PUBLIC) -> bytes:
    out = BytesIO()
    writer = ParcelWriter(out, to=to)
    for start in range(0, len(text), 300_001):
        writer.write(text[start : start + 300_001])
    writer.finish()
    return out.getvalue()


def whole(parcel: bytes, by: bytes = PRIVATE) -> bytes:
    return b"".join(opened(BytesIO(parcel), by=by))


def pieces(parcel: bytes) -> list[bytes]:
    found, rest = [], parcel[rules.HEADER_BYTES :]
    while rest:
        end = rules.LENGTH_BYTES + int.from_bytes(rest[: rules.LENGTH_BYTES], "big")
        found.append(rest[:end])
        rest = rest[end:]
    return found


@pytest.mark.parametrize(
    "size_bytes", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES + 7]
)
def test_what_was_sealed_comes_out(size_bytes: int) -> None:
    text = bytes(number % 251 for number in range(size_bytes))

    parcel = sealed(text)

    assert whole(parcel) == text
    assert size_bytes < 64 or text[:64] not in parcel


def test_nobody_else_opens_it() -> None:
    somebody_else, _public = key_pair()

    with pytest.raises(CannotOpen):
        whole(sealed(b"quenelles"), by=somebody_else)


@pytest.mark.parametrize(
    "change",
    [
        lambda head, each: head + each[0] + each[1],
        lambda head, each: head + each[1] + each[0] + each[2],
        lambda head, each: head + each[0] + each[2],
        lambda head, each: head + b"".join(each) + each[2],
        lambda head, each: head + each[0] + each[1][:-1],
        lambda head, each: head + each[0][:-1] + bytes([each[0][-1] ^ 1]) + each[1] + each[2],
        lambda head, each: b"X" + head[1:] + b"".join(each),
        lambda head, each: head[:20] + bytes([head[20] ^ 1]) + head[21:] + b"".join(each),
        lambda head, each: head,
        lambda head, each: b"",
    ],
    ids=[
        *("last piece gone", "two swapped", "one gone", "one twice", "cut in a piece"),
        *("a bit turned", "another format", "another key", "no piece", "nothing"),
    ],
)
def test_a_changed_or_shortened_one_does_not_open(
    change: Callable[[bytes, list[bytes]], bytes],
) -> None:
    parcel = sealed(b"q" * (2 * PIECE_BYTES + 7))
    changed = change(parcel[: rules.HEADER_BYTES], pieces(parcel))

    with pytest.raises(CannotOpen):
        whole(changed)


def test_a_key_of_another_kind_seals_and_opens_nothing() -> None:
    private, public = pem_pair(Ed25519PrivateKey.generate())

    for key in (b"", b"no PEM", PRIVATE, public):
        with pytest.raises(NoParcelKey):
            sealed(b"quenelles", to=key)
    for key in (b"", PUBLIC, private):
        with pytest.raises(NoParcelKey):
            whole(sealed(b"quenelles"), by=key)
