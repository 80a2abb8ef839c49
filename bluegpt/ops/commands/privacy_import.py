"""`bluegpt privacy import …`"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.core.errors import sentence_of
from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import table
from bluegpt.privacy.queries.archives import return_of
from bluegpt.privacy.services import returning

_CHUNK_BYTES = 1_000_000


def take_in(arguments: argparse.Namespace) -> int:
    """Take an archive in at once; 1 when it is refused. Nothing of it is shown."""
    if not arguments.file.is_file():
        raise Complaint(f"There is no file {arguments.file}.", exit_code=1)
    reader = person_by_email(arguments.email)
    returning.bring_now(
        person_id=reader.id, chunks=_chunks(arguments.file), language=reader.language or "en"
    )
    found = return_of(reader.id)
    if found is None or found.ended_at is None:
        print("It was cancelled meanwhile. The same archive can be taken in again.")
        return 1
    if found.refusal:
        print(sentence_of(found.refusal))
        return 1
    print(table([(kind, str(count)) for kind, count in found.counts.items()]))
    print("Credits, disclosures, agreements, requests and keys do not come back.")
    return 0


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
