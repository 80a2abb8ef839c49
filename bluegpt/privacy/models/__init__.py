"""Privacy's tables, a file for each noun."""

from bluegpt.privacy.models.disclosures import Disclosure, Pseudonym

__all__ = ["Disclosure", "Pseudonym"]
