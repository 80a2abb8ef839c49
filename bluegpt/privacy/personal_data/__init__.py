"""Whose data privacy's tables hold, and how they end."""

from bluegpt.privacy.personal_data import (
    archives,
    decisions,
    directives,
    records,
    staff,
    successions,
)

__all__ = ["archives", "decisions", "directives", "records", "staff", "successions"]
