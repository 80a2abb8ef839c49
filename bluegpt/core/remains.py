"""What a deletion leaves on the disk, and its end.

SQLite overwrites deleted rows in its file, but pages of before live on in its write-ahead log
until that is cut off. PostgreSQL reuses the space by its own vacuum.
"""

import sqlite3
from contextlib import closing

from django.db import connection

from bluegpt.core.jobs import every

# A writer waits for that long at most; if somebody is reading, the next turn will do.
_PATIENCE_S = 0.2


@every("core.cut_off_log", seconds=300)
def cut_off_by_the_clock() -> None:
    """Five minutes after a deletion nothing of it is on the disk, unless somebody reads on."""
    cut_off_log()


def cut_off_log() -> bool:
    """Move the log into the file and cut it off; whether nobody was in the way."""
    if connection.vendor != "sqlite":
        return True
    path = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as session:
        busy: int = session.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy
