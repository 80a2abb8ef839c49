"""Privacy's tables, a file for each noun."""

from bluegpt.privacy.models.audit import StaffAct, StaffActHead
from bluegpt.privacy.models.choices import Choice
from bluegpt.privacy.models.disclosures import Disclosure, Pseudonym
from bluegpt.privacy.models.grants import StaffGrant
from bluegpt.privacy.models.holds import LegalHold

__all__ = [
    "Choice",
    "Disclosure",
    "LegalHold",
    "Pseudonym",
    "StaffAct",
    "StaffActHead",
    "StaffGrant",
]
