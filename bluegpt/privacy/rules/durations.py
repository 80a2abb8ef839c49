"""Calendar durations as the chapters write them: P30D, P6M, P3Y, P1Y6M, P2W."""

import re

from bluegpt.privacy.types.durations import Duration

# As JSON Schema reads it as well.
FORM = "P(?=[0-9])(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?"
_FORM = re.compile(FORM)


def duration(text: str) -> Duration:
    """Read a duration of whole days or longer. Raises ValueError. Source: ISO 8601-1, 5.5.2."""
    parts = _FORM.fullmatch(text)
    if parts is None:
        raise ValueError(f"{text!r} is not a duration such as P30D, P6M or P3Y")
    years, months, weeks, days = (int(number or 0) for number in parts.groups())
    return Duration(years=years, months=months, days=weeks * 7 + days)
