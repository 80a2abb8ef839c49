"""Filling the catalogue: from the file that comes with the package, or from one that is given."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any

from django.db import transaction

from bluegpt.core import clock
from bluegpt.providers.errors import UnreadableCatalogue
from bluegpt.providers.models import CatalogueEdition, CatalogueEntry
from bluegpt.providers.queries import catalogue
from bluegpt.providers.rules.facts import FORMAT, offer_from
from bluegpt.providers.rules.price_map import facts_from, taste_from


def load_packaged() -> int:
    """Put the packaged catalogue in place, unless a newer one is; the number of entries written.

    An edition that an operator refreshed stays until the package brings a later one.
    """
    packaged = _packaged()
    as_of, digest = date.fromisoformat(packaged["as_of"]), _digest(packaged["models"])
    edition = CatalogueEdition.objects.first()
    if edition is not None and (
        edition.digest == digest
        or edition.as_of > as_of
        or (edition.as_of == as_of and not edition.is_packaged)
    ):
        return 0
    return _replace(packaged["models"], as_of=as_of, is_packaged=True)


def refresh(facts: Mapping[str, Any]) -> int:
    """Replace the catalogue by LiteLLM's price map or a file in our own format.

    The number of models. Raises UnreadableCatalogue; then nothing has changed. The sandbox,
    the patterns for found models and the models that draw or film, whose sizes no price map knows,
    are kept when the file does not bring its own.
    """
    packaged = _packaged()
    today = clock.now().date()
    try:
        if facts.get("format") == FORMAT:
            as_of = date.fromisoformat(facts["as_of"])
            entries = list(facts["models"])
        else:
            as_of = today
            entries = facts_from(facts, taste=taste_from(packaged["taste"]), today=today)
        if not entries:
            raise UnreadableCatalogue
        given = {entry["key"] for entry in entries}
        ours = (
            entry
            for entry in packaged["models"]
            if entry["key"] not in given
            and (
                entry["provider"] == "sandbox"
                or entry["key"].endswith("/*")
                or "canvases" in entry
                or "filming" in entry
            )
        )
        return _replace([*entries, *ours], as_of=as_of, is_packaged=False)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as wrong:
        # Whatever is wrong in a file that somebody gives us, it is the file that is wrong.
        raise UnreadableCatalogue from wrong


def _replace(entries: Sequence[Mapping[str, Any]], *, as_of: date, is_packaged: bool) -> int:
    rows = [
        CatalogueEntry(key=offer_from(facts).model.key, position=position, facts=facts)
        for position, facts in enumerate(entries)
    ]
    with transaction.atomic():
        CatalogueEntry.objects.all().delete()
        CatalogueEntry.objects.bulk_create(rows)
        CatalogueEdition.objects.update_or_create(
            id=1,
            defaults={"as_of": as_of, "digest": _digest(entries), "is_packaged": is_packaged},
        )
        transaction.on_commit(catalogue.forget)
    return sum(not row.key.endswith("/*") for row in rows)


def _packaged() -> dict[str, Any]:
    file = resources.files("bluegpt.providers") / "data" / "models.json"
    body: dict[str, Any] = json.loads(file.read_bytes(), parse_float=Decimal)
    return body


def _digest(entries: object) -> str:
    return hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
