"""Whose data privacy's tables hold, and how they end."""

from bluegpt.privacy.personal_data import decisions, records

__all__ = ["decisions", "records"]
