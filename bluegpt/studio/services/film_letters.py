"""What people are told by mail about their films: that one has ended, and where to look."""

from uuid import UUID

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person
from bluegpt.mailroom.services import letters
from bluegpt.studio.models import Call, FilmJob
from bluegpt.studio.types.calls import CallState


def tell_ended(*, creation_id: UUID) -> None:
    """Tell whoever asked to be told. Nobody is told what they did themselves, or after leaving."""
    jobs = FilmJob.objects.select_related("creation").filter(wants_mail=True)
    job = jobs.filter(creation_id=creation_id).first()
    if job is None:
        return
    state = Call.objects.values_list("state", flat=True).get(id=creation_id)
    if state == CallState.STOPPED:
        return
    try:
        reader = person(job.creation.person_id)
    except UnknownPerson:
        return
    if reader.closed_at is not None:
        return
    letters.send(
        to=reader.email,
        language=reader.language,
        template="studio/email/film_ended",
        facts={
            "creation_id": creation_id,
            "is_made": state == CallState.COMPLETE,
        },
    )
