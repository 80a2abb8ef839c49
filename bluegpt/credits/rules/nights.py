"""When the books are verified: once a night, when few people wait for the machine."""

from datetime import UTC, datetime, timedelta

_HOUR_UTC = 3


def last_night(now: datetime) -> datetime:
    """The last time that it was three in the morning, UTC; now, when it is three."""
    now = now.astimezone(UTC)
    today = now.replace(hour=_HOUR_UTC, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)
