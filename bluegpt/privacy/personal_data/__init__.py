"""Whose data privacy's tables hold, and how they end."""

from bluegpt.privacy.personal_data import decisions, directives, records, staff

__all__ = ["decisions", "directives", "records", "staff"]
