"""What was done after a death, in the journal of erasures, so that no restored backup undoes it.

A backup may be older than the directions themselves: what was followed is noted with its kind of
data, and the replay lays it down again before the erasure asks for it. Like every note, these hold
a random id and no word.
"""

from uuid import UUID

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person
from bluegpt.accounts.services import closing
from bluegpt.core import clock
from bluegpt.core.erasures import ends
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.models import Death, Directive
from bluegpt.privacy.types.directives import Wish
from bluegpt.vault.services import erasures

KIND = "privacy.death"  # the subject is "<what>:<person id>"
_CLOSED = "closed"
# The steps of a death that are not taken twice, as its row calls them.
STEPS = frozenset({"erased_at", "handed_over_at", "ended_at", "done_at"})


def close(person_id: UUID) -> None:
    """Close the account of somebody who has died, now and after every restore."""
    erasures.erase(KIND, f"{_CLOSED}:{person_id}")


def followed(person_id: UUID, wish: Wish, data_class: DataClass) -> None:
    """Note a direction that is about to be followed."""
    erasures.erase(KIND, f"{wish}.{data_class}:{person_id}")


def taken(person_id: UUID, step: str) -> None:
    """Note a step that is not taken again."""
    assert step in STEPS, step
    erasures.erase(KIND, f"{step}:{person_id}")


@ends(KIND)
def go_through(subject: str) -> None:
    """Bring the data to where it was; does nothing where it is there already."""
    what, _colon, key = subject.partition(":")
    person_id = UUID(key)
    if what in STEPS:
        rows = Death.objects.filter(person_id=person_id, **{what: None})
        rows.exclude(approved_at=None).update(**{what: clock.now()})
        return
    try:
        person(person_id)
    except UnknownPerson:
        return  # ended before
    if what == _CLOSED:
        closing.close(person_id=person_id)
        return
    wish, _dot, data_class = what.partition(".")
    _lay_down_again(person_id, Wish(wish), DataClass(data_class))


def _lay_down_again(person_id: UUID, wish: Wish, data_class: DataClass) -> None:
    now = clock.now()
    about = Directive.objects.filter(person_id=person_id, data_class=data_class, revoked_at=None)
    about.exclude(wish=wish).update(revoked_at=now)
    if not about.exists():
        Directive.objects.create(
            person_id=person_id, data_class=data_class.value, wish=wish.value, given_at=now
        )
