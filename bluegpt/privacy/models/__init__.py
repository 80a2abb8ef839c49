"""Privacy's tables, a file for each noun."""

from bluegpt.privacy.models.choices import Choice
from bluegpt.privacy.models.disclosures import Disclosure, Pseudonym

__all__ = ["Choice", "Disclosure", "Pseudonym"]
