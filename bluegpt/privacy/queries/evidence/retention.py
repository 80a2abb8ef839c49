"""What shows today that data ends: the clock's attestations, and what they leave."""

from datetime import timedelta

from django.utils.translation import gettext as _

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import Attestation
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import terms

# Runs are a day apart; the rest is for a restart at the wrong moment.
_FRESH = timedelta(hours=36)


def attested() -> str:
    """The last run was clean and is fresh. Raises NoEvidence."""
    last = Attestation.objects.order_by("-id").first()
    if last is None or last.finished_at < clock.now() - _FRESH:
        raise NoEvidence(_("The clock has not run within 36 hours."))
    if not last.is_clean:
        raise NoEvidence(_("The last run of the clock left data beyond its term."))
    return _("Run of %(when)s UTC: %(ended)d ended, %(spared)d kept by law or a freeze.") % {
        "when": f"{last.finished_at:%Y-%m-%d %H:%M}",
        "ended": sum(last.ended.values()),
        "spared": sum(last.spared.values()),
    }


def no_identity_beyond_its_term() -> str:
    """How many closed accounts are kept beyond their term. Raises NoEvidence as `attested` does."""
    term = manifest().retention["account"].duration
    before = terms.cutoff(clock.now(), term)
    over = Person.objects.filter(closed_at__lt=before).count()
    kept = _("%(count)d closed accounts are kept beyond their term.") % {"count": over}
    return f"{kept} {attested()}"


def connections_end() -> str:
    """How long connections stay by the policy in force. Raises NoEvidence as `attested` does."""
    longest = max(
        rule.duration.days_about
        for rule in manifest().retention.values()
        if rule.data_class is DataClass.CONNECTION
    )
    stay = _("Connections stay about %(days)d days.") % {"days": longest}
    return f"{stay} {attested()}"
