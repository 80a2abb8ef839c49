"""Made-up data for a rehearsal: never on a database that serves anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.queries import breaches as queries
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import breaches
from bluegpt.privacy.types.breaches import BreachView, Facts, Nature, Risk

_PEOPLE = 12
_CONCERNED = 9  # the others were disclosed outside the window, or to another company


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A breach that was made up, and whom the register finds concerned."""

    breach: BreachView
    concerned: tuple[UUID, ...]
    expected: frozenset[UUID]


def rehearse_breach() -> Rehearsal:
    """Make people up, send some of their data to a company, and let that company lose it."""
    now = clock.now()
    began = now - timedelta(hours=30)
    people = [new_id() for _ in range(_PEOPLE)]
    with transaction.atomic():
        for number, person_id in enumerate(people):
            is_late = number == _CONCERNED
            is_elsewhere = number > _CONCERNED
            Disclosure.objects.create(
                call_id=new_id(),
                person_id=person_id,
                at=began - timedelta(days=1) if is_late else began + timedelta(minutes=number),
                purpose="chat_answer",
                basis="contract",
                recipient="mistral" if is_elsewhere else "openai",
                country="FR" if is_elsewhere else "US",
                transfer_basis="none" if is_elsewhere else "scc",
                data_classes="content metering",
                policy_digest=manifest().digest,
            )
        found = breaches.record(actor_id=None, facts=_made_up(began, now))
    return Rehearsal(
        breach=found,
        concerned=tuple(queries.affected(found.facts)),
        expected=frozenset(people[:_CONCERNED]),
    )


def _made_up(began: datetime, now: datetime) -> Facts:
    return Facts(
        title="Rehearsal: a support tool of the company showed messages of other customers",
        natures=(Nature.CONFIDENTIALITY,),
        data_classes=(DataClass.CONTENT,),
        recipient="openai",
        started_at=began,
        ended_at=now - timedelta(hours=2),
        aware_at=now - timedelta(hours=1),
        people_about=_CONCERNED,
        records_about=_CONCERNED,
        consequences="Rehearsal: somebody may have read what was written to the model.",
        measures="Rehearsal: the route was closed; keys of the provider were changed.",
        risk=Risk.HIGH,
    )
