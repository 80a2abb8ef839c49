"""What is so right now about tracers, decisions, choices and transfers."""

from django.db.models import Count
from django.utils.translation import gettext as _

from bluegpt.core.ids import new_id
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import Choice
from bluegpt.privacy.queries import consents, tracers
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.manifest import Basis, TransferBasis


def tracers_declared() -> str:
    """How many tracers there are, and how many of them ask."""
    return _("%(count)d tracers are declared, %(asking)d of them need an agreement.") % {
        "count": len(tracers.tracers()),
        "asking": len(tracers.asking()),
    }


def agreements_are_needed() -> str:
    """Purposes and tracers that need an agreement, tried for somebody who gave none.

    Raises NoEvidence when one would be open.
    """
    policy, nobody = manifest(), new_id()
    resting = [key for key, each in policy.purposes.items() if Basis.CONSENT in each.bases.values()]
    if any(consents.is_given(person_id=nobody, purpose=key) for key in policy.purposes):
        raise NoEvidence(_("An agreement is taken for given that nobody gave."))
    names = {each.name for each in tracers.asking()}
    if any(tracers.may_set(name, agreed=frozenset()) for name in names):
        raise NoEvidence(_("A tracer would be set without an agreement."))
    if tracers.opened_hosts(frozenset()) or tracers.may_set(str(nobody), agreed={str(nobody)}):
        raise NoEvidence(_("Something that nobody declared would be set or loaded."))
    return _(
        "For somebody who agreed to nothing, made up just now, %(purposes)d purposes and"
        " %(tracers)d tracers that need an agreement stay shut, and so does a tracer that nobody"
        " declared; the other %(others)d purposes ask for none."
    ) % {
        "purposes": len(resting),
        "tracers": len(names),
        "others": len(policy.purposes) - len(resting),
    }


def decisions_hold() -> str:
    """The whole chain of decisions, walked. Raises NoEvidence where it was altered."""
    state = consents.chain_state()
    if state.broken:
        places = ", ".join(str(number) for number in state.broken[:10])
        raise NoEvidence(_("The chain of decisions is broken at %(places)s.") % {"places": places})
    return _("%(links)d decisions hang together; the chain ends with %(head)s.") % {
        "links": state.links,
        "head": state.head[:16],
    }


def choices_in_force() -> str:
    """How many choices of each kind the gate obeys."""
    counts = dict(Choice.objects.values_list("kind").annotate(Count("id")).order_by("kind"))
    return _("In force: %(freezes)d freezes, %(objections)d objections, %(limits)d limits.") % {
        "freezes": counts.get("restriction", 0),
        "objections": counts.get("objection", 0),
        "limits": counts.get("only_eea", 0) + counts.get("no_keepers", 0),
    }


def transfers_rest_on_law() -> str:
    """What each transfer rests on: never on an agreement of the person."""
    grounds = {transfer.basis for transfer in manifest().transfers.values()}
    if not grounds <= set(TransferBasis):
        raise NoEvidence(_("A transfer rests on no ground of the law."))
    return _("%(count)d ways out, resting on: %(grounds)s.") % {
        "count": len(manifest().transfers),
        "grounds": ", ".join(sorted(grounds)),
    }
