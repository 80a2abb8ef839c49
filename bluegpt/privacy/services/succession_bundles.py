"""The sealed bundle: what whoever takes over receives, once the notice is over, and its receipt.

Inside the parcel is a tar file, written onwards and never whole anywhere here:

    rows-000001.jsonl …   rows, one to a line: person, table, and its columns
    media/…               files, under the paths that the rows name
    bundle.json           what it is, how many people and rows, and the digest of all before it

Left out are those who objected, closed or froze their account, are being erased, were told too
late, or could not be told. Somebody who leaves while it is made ends it: it is thrown away.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from bluegpt.core import clock
from bluegpt.privacy.adapters.receipt_key import receipt_key
from bluegpt.privacy.errors.successions import (
    BundleTooEarly,
    NoticesUndelivered,
    SomebodyLeft,
)
from bluegpt.privacy.models import Succession, SuccessionBundle, SuccessionNotice
from bluegpt.privacy.queries import successions
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules.receipts import SUCCESSION_FORMAT, signed
from bluegpt.privacy.services import staff_log
from bluegpt.privacy.services.bundle_writing import FORMAT, BundleWriter
from bluegpt.privacy.types.successions import SuccessionState
from bluegpt.vault.services.parcels import ParcelWriter

RECEIPT_SUFFIX = ".receipt.json"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Made:
    """A bundle that is whole and in nobody's hands yet."""

    at: datetime
    people: int
    people_sha256: str
    rows: Counter[str]
    sha256: str
    size_bytes: int


def build(*, out: Path, to: bytes, left_out: Collection[UUID]) -> dict[str, Any]:
    """Write the bundle, and beside it the receipt, which is returned.

    `to` is the receiver's public key as PEM; `left_out` are people who could not be told, as
    staff have listed them. Raises UnknownSuccession, BundleTooEarly, NoticesUndelivered,
    SomebodyLeft, NoParcelKey, FileExistsError.
    """
    row = successions.live()
    _check(row, left_out)
    part = _reserved(out)
    try:
        made = _write(row, part, to)
        bundle = _enter(row, made)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)  # of one that was not finished
    receipt = signed(_receipt(row, bundle, made), secret=receipt_key(), form=SUCCESSION_FORMAT)
    beside = out.with_name(f"{out.name}{RECEIPT_SUFFIX}")
    beside.write_bytes(orjson.dumps(receipt, option=orjson.OPT_INDENT_2))  # names nobody
    return receipt


def _reserved(out: Path) -> Path:
    """The file that becomes `out`; whoever else builds the same one at this moment stops here."""
    if out.exists():
        raise FileExistsError(str(out))
    part = out.with_name(f".{out.name}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return part


def _check(row: Succession, left_out: Collection[UUID]) -> None:
    if successions.state_of(row) is not SuccessionState.OPEN:
        raise BundleTooEarly
    for person in successions.undelivered(row).values_list("id", flat=True).iterator():
        if person not in left_out:
            raise NoticesUndelivered


def _write(row: Succession, part: Path, to: bytes) -> _Made:
    now = clock.now()
    digest = hashlib.sha256()
    people = 0
    with part.open("wb") as file:
        parcel = ParcelWriter(file, to=to)
        writer = BundleWriter(parcel, classes=frozenset(manifest().succession.classes))
        for ids in _batches(row, now):
            for person_id in ids:
                digest.update(person_id.bytes)
                writer.add(person_id)
                people += 1
        writer.finish(
            {
                "format": FORMAT,
                "succession": str(row.id),
                "operator": manifest().operator.company,
                "acquirer": row.acquirer,
                "made_at": now.isoformat(),
                "policy_digest": manifest().digest,
                "people": people,
            }
        )
        parcel.finish()
        file.flush()
        os.fsync(file.fileno())
    return _Made(
        at=now,
        people=people,
        people_sha256=digest.hexdigest(),
        rows=writer.rows,
        sha256=_sha256(part),
        size_bytes=part.stat().st_size,
    )


def _enter(row: Succession, made: _Made) -> SuccessionBundle:
    """Into the register, and into each person's own notice. Raises SomebodyLeft."""
    digest = hashlib.sha256()
    with transaction.atomic():
        found = Succession.objects.select_for_update().get(id=row.id)
        if successions.state_of(found) is not SuccessionState.OPEN:
            raise BundleTooEarly
        for ids in _batches(row, made.at):
            for person_id in ids:
                digest.update(person_id.bytes)
            notices = SuccessionNotice.objects.filter(succession=row, person_id__in=ids)
            if notices.filter(objected_at=None).update(handed_over_at=made.at) != len(ids):
                raise SomebodyLeft
        if digest.hexdigest() != made.people_sha256:
            raise SomebodyLeft
        bundle = SuccessionBundle.objects.create(
            succession=row,
            built_at=made.at,
            people=made.people,
            sha256=made.sha256,
            policy_digest=manifest().digest,
        )
        staff_log.note(
            actor_id=None,
            verb="succession.bundle",
            object_id=row.id,
            facts={"people": made.people, "sha256": made.sha256},
        )
    return bundle


def _batches(row: Succession, at: datetime) -> Iterator[list[UUID]]:
    """Whose data is handed over, in the order of their ids, asked anew for each batch."""
    mine = successions.handed_over(row, at=at).values_list("person_id", flat=True)
    ids = list(mine[:_BATCH])
    while ids:
        yield ids
        ids = list(mine.filter(person_id__gt=ids[-1])[:_BATCH])


def _receipt(row: Succession, bundle: SuccessionBundle, made: _Made) -> dict[str, Any]:
    counts = successions.view(row).counts
    return {
        "number": str(bundle.id),
        "made_at": made.at.isoformat(),
        "succession": str(row.id),
        "acquirer": row.acquirer,
        "country": row.country,
        "approved_by": sorted(str(each) for each in (row.first_approver, row.second_approver)),
        "bundle_from": row.bundle_from.isoformat() if row.bundle_from else "",
        "policy_digest": bundle.policy_digest,
        "data_classes": sorted(manifest().succession.classes),
        "people": made.people,
        "rows": dict(sorted(made.rows.items())),
        "objected": counts.objected,
        "undelivered": counts.undelivered,
        "sha256": made.sha256,
        "size_bytes": made.size_bytes,
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
