"""Which database a URL means, and the options each one runs with."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bluegpt.core.settings import SettingsError

# IMMEDIATE: a transaction that will write takes the write lock at its start, so it never fails
# half way with "database is locked". FULL: a commit that was answered survives a power cut. What is
# deleted is overwritten in the file; `core.remains` sees to the log.
_JOURNAL = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY;"
)
# No WAL for keys: a destroyed key must not live on in a log, so rollback journal and overwriting.
_VAULT = (
    "PRAGMA journal_mode=DELETE;PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY;"
)


def database(url: str, *, data_dir: Path, name: str) -> dict[str, Any]:
    """Settings of a database: `name`.sqlite3 in the data folder, or a postgresql:// URL."""
    if not url:
        path = data_dir / f"{name}.sqlite3"
        if name == "vault":  # few write, and seldom
            return _sqlite(path, pragmas=_VAULT, engine="django.db.backends.sqlite3")
        return _sqlite(path, pragmas=_JOURNAL, engine="bluegpt.core.sqlite")
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingsError(f"a database URL starts with postgresql://, not {parts.scheme}://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        # A connection goes back to the pool after each use; open streams hold none.
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 16, "timeout": 10},
            # Nobody waits for a row without end; `core.writing` tries again, up to 10 s.
            "options": "-c lock_timeout=3s",
        },
    }


def _sqlite(path: Path, *, pragmas: str, engine: str) -> dict[str, Any]:
    return {
        "ENGINE": engine,
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": pragmas},
        "CONN_MAX_AGE": None,
        # A file, as in life: threads and processes of a test meet in it as they do in production.
        "TEST": {"NAME": str(path.with_name(f"test-{path.name}"))},
    }


class VaultRouter:
    """Keys live in their own database; everything else in the default one."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return "vault" if model._meta.app_label == "vault" else "default"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return (db == "vault") == (app_label == "vault")
