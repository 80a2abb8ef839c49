"""What stands around the installation: mail, Valkey, the clock; and its policy and settings."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.checks import ERROR, WARNING, run_checks
from django.core.mail import get_connection
from django.db import connection

from bluegpt.core import clock
from bluegpt.core.settings import Environment
from bluegpt.ops.adapters.valkey import CacheError
from bluegpt.ops.examining.finding import Finding, ok, problem, warning

_DRIFT_MAX = timedelta(seconds=5)
_FUTURE_MAX = timedelta(minutes=1)


def policy_and_settings() -> Iterator[Finding]:
    """The privacy manifest and Django's own checks: what `serve` insists on."""
    messages = [message for message in run_checks() if message.level >= WARNING]
    for message in messages:
        judge = problem if message.level >= ERROR else warning
        yield judge("settings", " ".join(filter(None, (str(message.msg), message.hint))))
    if not messages:
        yield ok("settings", "the privacy manifest and the settings are sound")


def mail() -> Iterator[Finding]:
    """The mail server lets us in; without one, the mail stays here."""
    if not settings.BLUEGPT.site.smtp_url:
        text = f"is kept in {settings.EMAIL_FILE_PATH} and shown by the server"
        is_production = settings.BLUEGPT.site.environment is Environment.PRODUCTION
        if is_production:
            yield problem("mail", f"{text}; set BLUEGPT_SMTP_URL, or nobody can sign up")
        else:
            yield ok("mail", text)
        return
    server = f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
    sending = get_connection()
    try:
        sending.open()
        sending.close()
    except OSError as error:  # smtplib's errors are OSErrors too
        yield problem("mail", f"{server} does not let us in ({error}); look at BLUEGPT_SMTP_URL")
    else:
        yield ok("mail", f"{server} lets us in")


def valkey() -> Iterator[Finding]:
    """Needed by several workers only."""
    if not settings.BLUEGPT.site.valkey_url:
        yield ok("valkey", "is not used; several workers would need it (BLUEGPT_VALKEY_URL)")
        return
    try:
        cache.get("bluegpt-doctor")
    except CacheError as error:
        yield problem("valkey", f"does not answer ({error}); look at BLUEGPT_VALKEY_URL")
    else:
        yield ok("valkey", "answers")


def time() -> Iterator[Finding]:
    """Leases, holds and retention all rest on the clock."""
    now = clock.now()
    newest = max(
        (datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in _databases()), default=now
    )
    if newest - now > _FUTURE_MAX:
        yield problem("clock", f"was set back: a database was written at {newest:%Y-%m-%d %H:%M}")
        return
    drift = _database_now() - clock.now()
    if abs(drift) > _DRIFT_MAX:
        seconds = int(drift.total_seconds())
        yield problem("clock", f"the database's differs by {seconds} s; keep both on NTP")
    else:
        yield ok("clock", f"says {now:%Y-%m-%d %H:%M:%S} UTC")


def _databases() -> Iterator[Path]:
    data_dir: Path = settings.BLUEGPT.site.data_dir
    return data_dir.glob("*.sqlite3*")


def _database_now() -> datetime:
    if connection.vendor != "postgresql":
        return clock.now()  # SQLite asks this machine
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
