"""When an unused account is due for what. Whole days of the operator's calendar.

The days that the mails name are kept to: a mail that left late moves the closing, never the time
that its owner has.
"""

from datetime import date, timedelta

from bluegpt.privacy.rules import terms
from bluegpt.privacy.types.inactivity import Inactivity, Noticed, Stage


def due_on(last_active_on: date, chapter: Inactivity) -> date:
    """The first day on which the account has not been used for the whole term."""
    return terms.last_day(last_active_on, chapter.after) + timedelta(days=1)


def closes_on(
    last_active_on: date, chapter: Inactivity, *, today: date, noticed: Noticed | None
) -> date:
    """The day that a mail of today may name at the earliest."""
    if noticed is None:
        earliest, notice = due_on(last_active_on, chapter), chapter.first_notice
    else:
        earliest, notice = noticed.closes_on, chapter.second_notice
    return max(earliest, today + timedelta(days=notice.days))


def stage(
    last_active_on: date, chapter: Inactivity, *, today: date, noticed: Noticed | None
) -> Stage | None:
    """What is due today; nothing before the first mail is."""
    if noticed is None:
        first_on = due_on(last_active_on, chapter) - timedelta(days=chapter.first_notice.days)
        return Stage.FIRST_NOTICE if today >= first_on else None
    if not noticed.is_twice:
        second_on = noticed.closes_on - timedelta(days=chapter.second_notice.days)
        return Stage.SECOND_NOTICE if today >= second_on else None
    return Stage.CLOSE if today >= noticed.closes_on else None
