"""Sealed files that no row names: what a process left that died between a file and its row.

The declarations say which columns name files. A file is stored minutes before its row at most, so
one that is a day old and that nobody names never will be. Every hour one part of the store is
looked at, so that all of it is within a day and neither listing nor query grows with the store.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from bluegpt.core import clock
from bluegpt.core.personal_data import declared
from bluegpt.privacy.queries.rows import model_of
from bluegpt.vault.services import files

_AGE_MIN = timedelta(days=1)
_HOURS = 24

_log = logging.getLogger(__name__)


def sweep() -> int:
    """Look at this hour's part of the store; returns how many files were removed."""
    hour = clock.now().hour
    removed = sum(_sweep_folder(folder) for folder in files.folders()[hour::_HOURS])
    if removed:
        _log.info("%d sealed files that nobody named were removed", removed)
    return removed


def _sweep_folder(folder: str) -> int:
    before = clock.now() - _AGE_MIN
    # The store before the rows: what is named in between is found named.
    stored = files.older_keys(folder, before=before)
    orphans = set(stored).difference(_named(folder)) if stored else ()
    return _removed(orphans) + files.remove_unfinished(folder, before=before)


def _named(folder: str) -> Iterator[str]:
    for table in declared():
        for file in table.files:
            rows = model_of(table)._base_manager.filter(**{f"{file.column}__startswith": folder})
            yield from rows.values_list(file.column, flat=True).iterator()


def _removed(keys: Iterable[str]) -> int:
    count = 0
    for key in keys:
        files.remove(key)
        count += 1
    return count
