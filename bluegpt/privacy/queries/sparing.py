"""What keeps data beyond its term: a longer term that was chosen, a legal hold, a restriction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.models import Choice
from bluegpt.privacy.queries.holds import held_among
from bluegpt.privacy.rules.standing import standing_of
from bluegpt.privacy.types.durations import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Spared:
    """What keeps one person's data."""

    is_restricted: bool
    held: frozenset[DataClass]
    content_term: Duration | None

    def keeps(self, data_classes: frozenset[DataClass]) -> bool:
        """Whether rows that hold these classes stay, whatever their term."""
        return self.is_restricted or bool(self.held & data_classes)


_NOTHING = Spared(is_restricted=False, held=frozenset(), content_term=None)


def spared_among(person_ids: Iterable[UUID]) -> Mapping[UUID, Spared]:
    """For each of a batch of people. Two queries."""
    people = set(person_ids)
    held = held_among(people)
    choices: defaultdict[UUID, list[tuple[str, str, str, object]]] = defaultdict(list)
    rows = Choice.objects.filter(person_id__in=people)
    for person_id, kind, subject, value, at in rows.values_list(
        "person_id", "kind", "subject", "value", "at"
    ):
        choices[person_id].append((kind, subject, value, at))
    found = dict.fromkeys(people, _NOTHING)
    for person_id in {*held, *choices}:
        standing = standing_of(choices[person_id])
        found[person_id] = Spared(
            is_restricted=standing.is_restricted,
            held=held.get(person_id, frozenset()),
            content_term=standing.content_term,
        )
    return found
