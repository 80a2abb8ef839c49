"""Names of sealed files that follow from what they are: found again by whoever cleans up."""

from hashlib import sha256
from uuid import UUID


def picture_key(creation_id: UUID, *, place: int, part: str) -> str:
    """The key of a part, "file" or "thumbnail", of a picture that a creation makes.

    Known before a byte is stored, so that a process that dies leaves nothing that nobody can name.
    As random as the id: it tells nothing.
    """
    name = sha256(b"studio.picture" + creation_id.bytes + f"{place}.{part}".encode()).hexdigest()
    return f"{name[:2]}/{name[2:48]}"


def keys_of(creation_id: UUID, *, number: int) -> list[str]:
    """Every key that a creation of so many pictures may have used."""
    return [
        picture_key(creation_id, place=place, part=part)
        for place in range(number)
        for part in ("file", "thumbnail")
    ]
