"""Word for whoever makes an answer or a film that somebody no longer wants it."""

from uuid import UUID

from django.db.models.functions import Coalesce, Now

from bluegpt.core.jobs import hasten
from bluegpt.core.writing import written
from bluegpt.studio.models import Call
from bluegpt.studio.types.calls import CallState

# What walks a film on, under its call's id.
FILM_JOB = "studio.film"


@written
def ask_to_stop(*, person_id: UUID, call_id: UUID) -> None:
    """Leave word for the process that makes the answer, and for the worker of a film."""
    asked = Call.objects.filter(id=call_id, person_id=person_id, state=CallState.LIVE)
    if asked.update(stop_asked_at=Coalesce("stop_asked_at", Now())):
        hasten(FILM_JOB, unique_key=str(call_id))
