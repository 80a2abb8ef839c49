"""Privacy's tables, a file for each noun."""

from bluegpt.privacy.models.accesses import ContentAccess
from bluegpt.privacy.models.archives import Archive, ArchivePiece, ArchiveReturn
from bluegpt.privacy.models.audit import StaffAct, StaffActHead
from bluegpt.privacy.models.authorities import AuthorityRequest
from bluegpt.privacy.models.breaches import Breach, BreachAmendment
from bluegpt.privacy.models.choices import Choice
from bluegpt.privacy.models.clock import Attestation, FormerAccount
from bluegpt.privacy.models.consents import Consent, ConsentHead, ConsentLink, ConsentScreen
from bluegpt.privacy.models.deaths import Death
from bluegpt.privacy.models.directives import Directive, TrustedPerson
from bluegpt.privacy.models.disclosures import Disclosure, Pseudonym
from bluegpt.privacy.models.grants import StaffGrant
from bluegpt.privacy.models.holds import LegalHold
from bluegpt.privacy.models.inactivity import InactivityNotice
from bluegpt.privacy.models.introductions import Introduction
from bluegpt.privacy.models.onboarding import OnboardingApproval
from bluegpt.privacy.models.receipts import ErasureRun, Receipt
from bluegpt.privacy.models.requests import IdentityDocument, RecipientNotice, Request, RequestStep
from bluegpt.privacy.models.successions import Succession, SuccessionBundle, SuccessionNotice
from bluegpt.privacy.models.versions import PolicyAcknowledgement, PolicyVersion
from bluegpt.privacy.models.yearly_checks import YearlyCheck

__all__ = [
    "Archive",
    "ArchivePiece",
    "ArchiveReturn",
    "Attestation",
    "AuthorityRequest",
    "Breach",
    "BreachAmendment",
    "Choice",
    "Consent",
    "ConsentHead",
    "ConsentLink",
    "ConsentScreen",
    "ContentAccess",
    "Death",
    "Directive",
    "Disclosure",
    "ErasureRun",
    "FormerAccount",
    "IdentityDocument",
    "InactivityNotice",
    "Introduction",
    "LegalHold",
    "OnboardingApproval",
    "PolicyAcknowledgement",
    "PolicyVersion",
    "Pseudonym",
    "Receipt",
    "RecipientNotice",
    "Request",
    "RequestStep",
    "StaffAct",
    "StaffActHead",
    "StaffGrant",
    "Succession",
    "SuccessionBundle",
    "SuccessionNotice",
    "TrustedPerson",
    "YearlyCheck",
]
