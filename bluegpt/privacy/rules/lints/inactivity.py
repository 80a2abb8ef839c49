"""What the chapter on unused accounts must satisfy for nobody to be closed out unawares."""

from collections.abc import Iterator

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.manifest import Manifest

# What the CNIL takes for proportionate. Source: deliberation SAN-2022-020 of 10 November 2022.
_AFTER_DAYS_MAX = 2 * 365
_FIRST_DAYS_MIN = 30
_SECOND_DAYS_MIN = 7


def findings(manifest: Manifest) -> Iterator[str]:
    """Every broken rule, a sentence each."""
    chapter = manifest.inactivity
    first, second = chapter.first_notice, chapter.second_notice
    if not 0 < chapter.after.days_about <= _AFTER_DAYS_MAX:
        yield f"inactivity: after must be between a day and {_AFTER_DAYS_MAX} days"
    if not (_is_days(first) and _is_days(second)):
        yield "inactivity: notices are numbers of days, such as P30D"
    if first.days_about < _FIRST_DAYS_MIN or second.days_about < _SECOND_DAYS_MIN:
        yield (
            f"inactivity: the first notice comes {_FIRST_DAYS_MIN} days before the closing at the"
            f" latest, the second one {_SECOND_DAYS_MIN}"
        )
    if not second.days_about < first.days_about < chapter.after.days_about:
        yield "inactivity: the second notice comes after the first, and both within the term"


def _is_days(span: Duration) -> bool:
    return span.days > 0 and not span.months and not span.years
