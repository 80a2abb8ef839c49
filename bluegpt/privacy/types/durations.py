"""Calendar spans as the manifest states them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A calendar span: whole years, months and days. Source: ISO 8601-1, 5.5.2."""

    years: int = 0
    months: int = 0
    days: int = 0

    @property
    def days_about(self) -> int:
        """Its length in days of 365-day years and 30-day months, for comparing spans only."""
        return self.years * 365 + self.months * 30 + self.days
