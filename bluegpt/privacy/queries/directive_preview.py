"""What following somebody's directions would do today: counted, and nothing touched."""

from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.utils.translation import get_language

from bluegpt.core.personal_data import DataClass, Table, declared
from bluegpt.privacy.queries.directives import directions
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules.directives import touches
from bluegpt.privacy.types.directives import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One table's part of a direction: its name in words, and how many rows."""

    table: Table
    name: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would become of one kind of data."""

    data_class: DataClass
    name: str
    wish: Wish
    touched: tuple[Touched, ...]  # tables with something in them
    receiver: str  # of what is handed over

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.touched)


def preview(person_id: UUID) -> tuple[Foreseen, ...]:
    """Every direction in force with what it would touch. One count per table, nothing else."""
    known = directions(person_id)
    language = get_language() or "en"
    trusted = known.trusted.name if known.trusted else ""
    return tuple(
        Foreseen(
            data_class=data_class,
            name=manifest().classes[data_class].name.in_language(language),
            wish=wish,
            touched=_touched(person_id, data_class),
            receiver=trusted if wish is Wish.HAND_OVER else "",
        )
        for data_class, wish in sorted(known.wishes.items())
    )


def _touched(person_id: UUID, data_class: DataClass) -> tuple[Touched, ...]:
    found = []
    for table in declared():
        if not touches(table, data_class):
            continue
        rows = apps.get_model(table.model)._default_manager.filter(**{table.person_path: person_id})
        count = rows.count()
        if count:
            name = str(table.name) or table.model
            found.append(Touched(table=table, name=name, rows=count))
    return tuple(found)
