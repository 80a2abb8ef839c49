"""A manifest that cannot be used."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Refused


class ManifestBroken(Exception):
    """The manifest breaks rules; `findings` says which, a sentence each."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__("; ".join(findings))
        self.findings = tuple(findings)


class AssessmentOverdue(Refused):
    """The impact assessment should have been looked at again, or its plan carried out."""

    code = "assessment_overdue"
    sentence = _("The impact assessment is overdue. Look at it again, then set its days anew.")
