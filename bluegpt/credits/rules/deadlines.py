"""How often the clock looks, and how late is too late."""

REAPER_PERIOD_S = 60
EXPIRY_PERIOD_S = 300

# A hold this long past its deadline was seen by nobody: two turns of the reaper have gone by.
OVERDUE_GRACE_S = 2 * REAPER_PERIOD_S
