"""Sealing a stream for somebody outside, and opening it there. Memory holds one piece.

Opening needs the file and the private key, and no installation.
"""

import secrets
from collections.abc import Iterator
from typing import IO

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.rules import envelope, parcels

PIECE_BYTES = 1_000_000
_SEALED_MAX = PIECE_BYTES + envelope.OVERHEAD_BYTES


class ParcelWriter:
    """A file that can only be written onwards, and that nobody here can read again.

    `to` is the receiver's public key as PEM. Raises NoParcelKey.
    """

    def __init__(self, out: IO[bytes], *, to: bytes) -> None:
        public = parcels.receiver(to)
        own = X25519PrivateKey.generate()
        thrown_away = own.public_key().public_bytes_raw()
        parcel_id = secrets.token_bytes(parcels.ID_BYTES)
        self._key = parcels.key_of(
            own.exchange(public),
            thrown_away=thrown_away,
            receiver=public.public_bytes_raw(),
            parcel_id=parcel_id,
        )
        self._out = out
        self._kept = bytearray()
        self._number = 0
        out.write(parcels.MAGIC + thrown_away + parcel_id)

    def write(self, data: bytes, /) -> int:
        self._kept += data
        while len(self._kept) > PIECE_BYTES:  # the last piece is never empty-handed
            self._put(bytes(self._kept[:PIECE_BYTES]), is_last=False)
            del self._kept[:PIECE_BYTES]
        return len(data)

    def flush(self) -> None:
        """Nothing: a piece is written when it is full, and at the end."""

    def finish(self) -> None:
        """Write what is left, and that it is the end."""
        self._put(bytes(self._kept), is_last=True)
        self._kept.clear()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        sealed = envelope.seal(
            piece,
            key=self._key,
            salt=secrets.token_bytes(envelope.SALT_BYTES),
            context=parcels.context(self._number, is_last=is_last),
        )
        self._out.write(len(sealed).to_bytes(parcels.LENGTH_BYTES, "big") + sealed)
        self._number += 1


def opened(source: IO[bytes], *, by: bytes) -> Iterator[bytes]:
    """The stream, piece by piece. `by` is the receiver's private key as PEM.

    Raises NoParcelKey, or CannotOpen for another's parcel, an altered or a shortened one; what
    was read before that must not be believed.
    """
    private = parcels.opener(by)
    header = source.read(parcels.HEADER_BYTES)
    if len(header) < parcels.HEADER_BYTES or not header.startswith(parcels.MAGIC):
        raise CannotOpen
    thrown_away = header[len(parcels.MAGIC) : len(parcels.MAGIC) + parcels.PUBLIC_BYTES]
    key = parcels.key_of(
        private.exchange(X25519PublicKey.from_public_bytes(thrown_away)),
        thrown_away=thrown_away,
        receiver=private.public_key().public_bytes_raw(),
        parcel_id=header[-parcels.ID_BYTES :],
    )
    number, following = 0, _sealed(source)
    while following is not None:
        sealed, following = following, _sealed(source)
        place = parcels.context(number, is_last=following is None)
        yield envelope.unseal(sealed, key=key, context=place)
        number += 1
    if not number:
        raise CannotOpen


def _sealed(source: IO[bytes]) -> bytes | None:
    length = source.read(parcels.LENGTH_BYTES)
    if not length:
        return None
    size_bytes = int.from_bytes(length, "big")
    sealed = source.read(size_bytes) if size_bytes <= _SEALED_MAX else b""
    if len(length) < parcels.LENGTH_BYTES or len(sealed) != size_bytes:
        raise CannotOpen
    return sealed
