"""Spending caps: is what counts against them what was spent?"""

from django.utils.translation import gettext as _

from bluegpt.credits.queries.findings import finding, number, offenders
from bluegpt.credits.queries.holds import OPEN_SQL
from bluegpt.credits.queries.spans import BEFORE_ALL_IDS
from bluegpt.credits.types import Finding


def caps_count_their_calls() -> Finding:
    """A cap's use is what the holds placed in its period hold, or have charged.

    The period needs no end here: the first hold after it starts the next one.
    """
    broken = offenders(
        "credits_cap",
        "id",
        "SELECT c.id FROM credits_cap c LEFT JOIN credits_hold h"
        " ON h.person_id = c.person_id AND (c.key_id IS NULL OR h.key_id = c.key_id)"
        " AND h.created_at >= c.period_starts_on AND h.state <> 'refused'"
        " WHERE c.id > %s AND c.id <= %s GROUP BY c.id HAVING c.used_microcredits <>"
        f" coalesce(sum(CASE WHEN h.state IN {OPEN_SQL} THEN h.amount_microcredits"
        " ELSE h.charged_microcredits END), 0)",
        after=BEFORE_ALL_IDS,
    )
    count = number("SELECT count(*) FROM credits_cap")
    title = _("A spending limit counts the calls of its period, and no others.")
    return finding("15", title, _("%d limits") % count, (f"cap {row}" for row in broken))
