"""The parts of a receipt: what was there, what stays, and what was looked for and not found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bluegpt.privacy.errors.receipts import UnknownReceipt
from bluegpt.privacy.models import Receipt
from bluegpt.privacy.queries import erasure
from bluegpt.privacy.queries.horizon import horizon
from bluegpt.privacy.queries.information import class_name, information
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.vault.services import seal

FILES_PROBED_MAX = 1_000
# Receipts prove what the records of destroyed keys prove, and are kept as long.
_RULE = "key_destructions"


def found(scope: ErasureScope, person_id: UUID) -> dict[str, Any]:
    """What there is before anything ends: rows, files, keys, and who has copies elsewhere."""
    classes = erasure.classes_of(scope, person_id)
    preview = erasure.preview(scope, person_id)
    files = _files(scope, person_id)
    return {
        "policy_digest": manifest().digest,
        "erased": [
            {"class": class_name(each.data_class), "name": each.name, "count": each.count}
            for each in preview.goes
        ],
        "files": files["count"],
        "files_probed": files["keys"],
        "keys": seal.living_keys(person_id=person_id, data_classes=classes),
        "recipients": [_copy(each) for each in information(person_id)["recipients"]],
    }


def provider_objects(forgotten: Mapping[str, int] | None) -> str:
    """What companies held for us by a name, and what came of asking them to delete it."""
    if not forgotten:
        return _(
            "Nothing had to be deleted at these companies: we ask each of them to store no"
            " conversation. What they keep on their own account ends as said here."
        )
    return _(
        "Videos that these companies held for us: %(done)d deleted at our request, %(could_not)d"
        " not. What they keep on their own account ends as said here."
    ) % {"done": forgotten["done"], "could_not": forgotten["could_not"]}


def stays(scope: ErasureScope, person_id: UUID) -> list[dict[str, Any]]:
    """What is left, under which law, until when."""
    return [asdict(each) for each in erasure.stays(scope, person_id)]


def probes(
    scope: ErasureScope,
    person_id: UUID,
    files: Sequence[str],
    is_gone: Callable[[str], bool],
) -> list[dict[str, Any]]:
    """Rows, keys and files, looked for again. `is_gone` asks the store of files."""
    tables = erasure.ending_tables(scope, person_id)
    rows_left = sum(erasure.mine(table, person_id).count() for table in tables)
    classes = erasure.classes_of(scope, person_id)
    keys_left = seal.living_keys(person_id=person_id, data_classes=classes)
    files_left = sum(not is_gone(key) for key in files)
    return [
        {"looked_for": _("rows in our tables"), "places": len(tables), "left": rows_left},
        {"looked_for": _("keys in the vault"), "places": len(classes), "left": keys_left},
        {"looked_for": _("files in the store"), "places": len(files), "left": files_left},
    ]


def horizon_of(erased_at: datetime) -> dict[str, str]:
    """Until when a backup could bring something back: what was sealed, and what was not."""
    until = horizon(erased_at)
    return {
        "sealed_until": until.sealed_until.isoformat(),
        "clear_until": until.clear_until.isoformat(),
    }


def receipt(link_sha256: str) -> Mapping[str, Any]:
    """The signed document behind a link. Raises UnknownReceipt."""
    row = Receipt.objects.filter(link_sha256=link_sha256).first()
    if row is None:
        raise UnknownReceipt
    document: Mapping[str, Any] = row.document
    return document


def oldest_kept(now: datetime) -> datetime:
    """Receipts made before this instant have ended."""
    years = manifest().retention[_RULE].duration.years
    # 29 February ends with the last of February.
    day = min(now.day, 28) if now.month == 2 else now.day
    return now.replace(year=now.year - years, day=day)


def _files(scope: ErasureScope, person_id: UUID) -> dict[str, Any]:
    """How many files there are, and the first of their keys, to be looked for afterwards."""
    count = 0
    keys: list[str] = []
    for table in erasure.ending_tables(scope, person_id):
        for file in table.files:
            mine = erasure.mine(table, person_id).exclude(**{file.column: ""})
            count += mine.count()
            keys += mine.values_list(file.column, flat=True)[: FILES_PROBED_MAX - len(keys)]
    return {"count": count, "keys": keys}


def _copy(recipient: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "company": recipient["company"],
        "country": recipient["country"],
        "last_at": recipient["last_at"].isoformat(),
        "keeps": recipient["keeps"],
    }
