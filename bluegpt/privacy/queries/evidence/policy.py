"""What the policy itself shows, right now."""

import hashlib

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.core.settings import Environment
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.errors.manifest import AssessmentOverdue
from bluegpt.privacy.models import PolicyAcknowledgement, PolicyVersion
from bluegpt.privacy.queries import assessment
from bluegpt.privacy.queries.manifest import document, manifest, policy_digest
from bluegpt.privacy.rules import linting
from bluegpt.privacy.rules.documents import canonical_json
from bluegpt.privacy.rules.lints import legal_watch as watching
from bluegpt.privacy.types.manifest import Basis


def operator() -> str:
    """Who answers for the processing; placeholders prove nothing in production."""
    facts = manifest().operator
    open_facts = linting.placeholders(facts)
    if open_facts and settings.BLUEGPT.site.environment is Environment.PRODUCTION:
        raise NoEvidence(_("Not stated: %(facts)s.") % {"facts": ", ".join(open_facts)})
    return _("%(company)s, %(email)s; facts that are still placeholders: %(count)d.") % {
        "company": facts.company,
        "email": facts.email,
        "count": len(open_facts),
    }


def activities() -> str:
    """Every purpose has one role and a basis for each kind of data it uses."""
    purposes = manifest().purposes.values()
    if any(purpose.role != "controller" or not purpose.bases for purpose in purposes):
        raise NoEvidence(_("A purpose lacks its role or its basis."))
    return _("%(purposes)d purposes, each with its role, and %(bases)d bases, one per use.") % {
        "purposes": len(purposes),
        "bases": sum(len(purpose.bases) for purpose in purposes),
    }


def legal_watch() -> str:
    """The laws that are watched; one whose day has passed proves that nobody looks."""
    late = list(watching.overdue(manifest(), today=clock.now().date()))
    if late:
        raise NoEvidence(_("Overdue: %(laws)s.") % {"laws": "; ".join(late)})
    return _("%(count)d laws are watched, none is overdue.") % {
        "count": len(manifest().legal_watch)
    }


def assessed() -> str:
    """The impact assessment is made, names every feared event, and is not overdue.

    Raises NoEvidence.
    """
    made = manifest().assessment
    try:
        written = assessment.assessment(language=get_language() or "en")
    except AssessmentOverdue as late:
        raise NoEvidence(str(late)) from None
    return _(
        "%(count)d feared events weighed against %(measures)d measures on %(day)s, to be reviewed"
        " by %(review)s; the text has the SHA-256 %(digest)s."
    ) % {
        "count": len(made.risks),
        "measures": len({key for risk in made.risks.values() for key in risk.measures}),
        "day": made.assessed_on,
        "review": made.review_by,
        "digest": written.sha256[:16],
    }


def interests() -> str:
    """Each legitimate interest has its weighing."""
    resting = [
        purpose
        for purpose in manifest().purposes.values()
        if Basis.LEGITIMATE_INTEREST in purpose.bases.values()
    ]
    if any(purpose.balancing is None for purpose in resting):
        raise NoEvidence(_("A legitimate interest has no weighing."))
    return _("%(count)d purposes rest on a legitimate interest, each with its weighing.") % {
        "count": len(resting)
    }


def origins() -> str:
    """Each kind of data says where it comes from."""
    return _("%(count)d kinds of data, each with its origin.") % {"count": len(manifest().classes)}


def rules() -> str:
    """The linter, run on the policy in force."""
    if found := tuple(linting.findings(manifest())):
        raise NoEvidence("; ".join(found))
    return _("%(chapters)d chapters read; no rule is broken.") % {"chapters": len(document())}


def versions() -> str:
    """The versions kept, and whether the newest is what its name says."""
    published = canonical_json(document())
    if hashlib.sha256(published).hexdigest() != policy_digest():
        raise NoEvidence(_("The digest is not that of what is published."))
    newest = PolicyVersion.objects.order_by("-effective_at").defer("document").first()
    if newest is None:
        return _("Version %(digest)s, which nobody was served yet.") % {
            "digest": policy_digest()[:12]
        }
    return _("%(count)d versions kept; %(digest)s is in force, the newest is of %(day)s.") % {
        "count": PolicyVersion.objects.count(),
        "digest": policy_digest()[:12],
        "day": date_format(newest.effective_at, "DATE_FORMAT"),
    }


def acknowledgements() -> str:
    """Who was shown which version: only ever by a button."""
    return _(
        "%(signed)d versions noted at sign-up, %(again)d when asked again, none by reading."
    ) % {
        "signed": PolicyAcknowledgement.objects.filter(occasion="sign_up").count(),
        "again": PolicyAcknowledgement.objects.filter(occasion="asked_again").count(),
    }
