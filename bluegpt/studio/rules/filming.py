"""When to look at a film again, when to give a fault up, and how much of what came is charged."""

from dataclasses import replace

from bluegpt.providers.types.usage import Usage

# Faults in a row, of a provider that is looked at or fetched from, before a film is given up.
FAULTS_MAX = 8

_LOOK_FIRST_S, _LOOK_LAST_S = 2.0, 15.0
_BACK_OFF_FIRST_S, _BACK_OFF_LAST_S = 2.0, 60.0


def look_again_s(waited_s: float) -> float:
    """Seconds until the next look: a tenth of the time waited, so that quick films come quickly."""
    return min(max(waited_s / 10, _LOOK_FIRST_S), _LOOK_LAST_S)


def back_off_s(faults: int) -> float:
    """Seconds to leave a provider alone after so many faults in a row: 2, 4, 8 … 60."""
    return min(_BACK_OFF_FIRST_S * float(1 << min(faults - 1, 10)), _BACK_OFF_LAST_S)


def charged_usage(usage: Usage, *, duration_ms: int) -> Usage:
    """What is charged of what the provider counted: no second that did not come.

    A second that has begun counts, as it does for every provider.
    """
    seconds = -(-duration_ms // 1_000)
    return replace(usage, video_seconds=min(usage.video_seconds, seconds))
