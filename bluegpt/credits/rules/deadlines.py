"""How often the clock looks, and how late is too late."""

REAPER_PERIOD_S = 60
EXPIRY_PERIOD_S = 300

# A hold this long past its deadline was seen by nobody: two turns of the reaper have gone by.
OVERDUE_GRACE_S = 2 * REAPER_PERIOD_S

# How long somebody has to decide what a doubtful usage costs, before the rule does.
DOUBT_TTL_S = 7 * 24 * 3600

# How long before the end of a lot its owner is told, and how often somebody looks.
END_TOLD_DAYS = 7
END_TOLD_PERIOD_S = 24 * 3600

# How often the journal is sealed, and how often somebody asks whether last night's look is due.
SEALING_PERIOD_S = 3600
NIGHT_PERIOD_S = 3600
