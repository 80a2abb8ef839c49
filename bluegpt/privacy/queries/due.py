"""What is due: rows whose term is over, in bounded batches, in the order in which they may end.

Two clocks. What ends with an account is found person by person, from the day of the closing; the
rest from the instant in the row itself. Nothing is stored about what is due: it is asked afresh,
so a changed policy, a lifted hold or a restored backup counts with the next question.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import DateField, DateTimeField, Model, Q, QuerySet

from bluegpt.accounts.models import Person
from bluegpt.core.personal_data import ACCOUNT_CLOSED, DataClass, Table, declared
from bluegpt.privacy.models import FormerAccount
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.sparing import Spared, spared_among
from bluegpt.privacy.queries.tables import in_order
from bluegpt.privacy.rules import endings, terms
from bluegpt.privacy.types.endings import Act, Step
from bluegpt.vault.services import keys

PEOPLE_AT_ONCE = 200
ROWS_AT_ONCE = 500

# Ends with what it opens, see `Walk.over_keys`.
_KEYS = "vault.ClassKey"
# The vault's journal of erasures forgets by itself, in both databases together.
_OWN_CLOCK = "erasure_noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A bounded batch of rows that may end now."""

    step: Step
    rule: str
    ids: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closed:
    """A closed account."""

    person_id: UUID
    closed_at: datetime
    spared: Spared


class Walk:
    """One look at everything that is due at an instant. `spared` counts what something keeps."""

    def __init__(self, now: datetime) -> None:
        self.spared: Counter[str] = Counter()
        self._cutoff = cache(lambda term: terms.cutoff(now, term))
        self._rules = tuple(manifest().retention.values())
        tables = [
            table
            for table in in_order(declared())
            if table.model != _KEYS and table.retention_trigger != _OWN_CLOCK
        ]
        every = [step for table in tables for step in endings.steps(table, self._rules)]
        self._of_accounts = [s for s in every if s.table.retention_trigger == ACCOUNT_CLOSED]
        self._of_rows = [s for s in every if s.table.retention_trigger != ACCOUNT_CLOSED]

    def batches(self) -> Iterator[Due]:
        """Every batch. What is yielded may be ended before the next one is asked for."""
        for step in self._of_rows:
            yield from self._by_recorded_instant(step)
        for closed in self._closed():
            for step in self._of_accounts:
                yield from self._by_closing(step, closed)

    def over_keys(self) -> Iterator[tuple[UUID, DataClass]]:
        """Keys of closed accounts whose class is over, and which no row needs any more.

        Asked for after the batches have ended.
        """
        for closed in self._closed():
            by_id = {each.person_id: each for each in closed}
            due = [
                (person_id, data_class)
                for person_id, data_class in keys.kept_for(by_id)
                if self._key_is_over(by_id[person_id], data_class)
            ]
            needed = _still_sealed(due)
            yield from (each for each in due if each not in needed)

    def _closed(self) -> Iterator[list[_Closed]]:
        """Accounts that were closed long enough ago for anything to be due."""
        before = max(self._cutoff(rule.duration) for s in self._of_accounts for rule in s.rules)
        people = Person.objects.filter(closed_at__lt=before)
        former = FormerAccount.objects.filter(closed_at__lt=before)
        for rows, key in ((people, "id"), (former, "person_id")):
            for page in _pages(rows, "closed_at", key, size=PEOPLE_AT_ONCE):
                spared = spared_among(person_id for _closed_at, person_id in page)
                yield [_Closed(person_id=id_, closed_at=at, spared=spared[id_]) for at, id_ in page]

    def _by_closing(self, step: Step, closed: Sequence[_Closed]) -> Iterator[Due]:
        model = _model(step.table)
        over = [each for each in closed if self._is_over(step, each)]
        classes = frozenset(DataClass) if _is_person(step) else step.data_classes
        kept = {each.person_id for each in over if each.spared.keeps(classes)}
        people = [each.person_id for each in over]
        if not people:
            return
        rows = model._base_manager.filter(**{f"{step.table.person_path}__in": people})
        if step.act is Act.BLANK:
            rows = rows.exclude(**step.blanks)
        rule = endings.shortest(step.rules).key
        for page in _pages(rows, "pk", step.table.person_path, size=ROWS_AT_ONCE):
            yield from self._spare(step, rule, page, kept)

    def _by_recorded_instant(self, step: Step) -> Iterator[Due]:
        table = step.table
        rule = endings.shortest(step.rules)
        before = self._cutoff(rule.duration)
        bound = terms.day_of(before) if _is_day(table) else before
        rows = _model(table)._base_manager.filter(**{f"{table.recorded_at}__lt": bound})
        columns = [table.recorded_at, "pk", *([table.person_path] if table.person_path else [])]
        for page in _pages(rows, *columns, size=ROWS_AT_ONCE):
            ids = [(row[1], row[2] if table.person_path else None) for row in page]
            spared = spared_among(person_id for _pk, person_id in ids if person_id)
            kept = {id_ for id_, each in spared.items() if each.keeps(step.data_classes)}
            yield from self._spare(step, rule.key, ids, kept)

    def _spare(
        self, step: Step, rule: str, page: Iterable[Sequence[Any]], kept: set[UUID]
    ) -> Iterator[Due]:
        rows = list(page)
        ids = tuple(pk for pk, person_id in rows if person_id not in kept)
        if len(ids) < len(rows):
            self.spared[rule] += len(rows) - len(ids)
        if ids:
            yield Due(step=step, rule=rule, ids=ids)

    def _is_over(self, step: Step, closed: _Closed) -> bool:
        content = closed.spared.content_term
        rule = endings.shortest(step.rules, content=content)
        return closed.closed_at < self._cutoff(endings.term_of(rule, content=content))

    def _key_is_over(self, closed: _Closed, data_class: DataClass) -> bool:
        term = endings.key_term(data_class, self._rules, content=closed.spared.content_term)
        if closed.spared.keeps(frozenset({data_class})):
            return False
        return closed.closed_at < self._cutoff(term)


def _pages(rows: QuerySet[Any], *columns: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
    """Values page by page, in the order of the first two columns (the first, when it is the key).

    Pages are found by what the last one ended with, so rows may vanish in between.
    """
    order = columns[:1] if columns[0] == "pk" else columns[:2]
    after = Q()
    while True:
        page = list(rows.filter(after).order_by(*order).values_list(*columns)[:size])
        if page:
            yield page
        if len(page) < size:
            return
        last = page[-1]
        after = Q(**{f"{order[0]}__gt": last[0]})
        if len(order) == 2:
            tie = Q(**{order[0]: last[0], f"{order[1]}__gt": last[1]})
            after = Q(**{f"{order[0]}__gte": last[0]}) & (after | tie)


def _still_sealed(due: Sequence[tuple[UUID, DataClass]]) -> set[tuple[UUID, DataClass]]:
    """Those of the keys that something is still sealed with."""
    needed: set[tuple[UUID, DataClass]] = set()
    for table in declared():
        classes = {each.data_class for each in table.sealed}
        classes |= {each.data_class for each in table.files}
        people = {person_id for person_id, data_class in due if data_class in classes}
        if not people or not table.person_path:
            continue
        rows = _model(table)._base_manager.filter(**{f"{table.person_path}__in": people})
        for person_id in rows.values_list(table.person_path, flat=True).distinct():
            needed |= {(person_id, data_class) for data_class in classes}
    return needed


def _model(table: Table) -> type[Model]:
    return apps.get_model(table.model)


def _is_person(step: Step) -> bool:
    """Whether this ends a person's own row: a hold on anything of theirs keeps it."""
    return _model(step.table) is Person and step.act is Act.DELETE


def _is_day(table: Table) -> bool:
    """Whether the recorded fact is a date without a time."""
    model = _model(table)
    *steps, last = table.recorded_at.split("__")
    for step in steps:
        related = model._meta.get_field(step).related_model
        assert isinstance(related, type)
        model = related
    field = model._meta.get_field(last)
    return isinstance(field, DateField) and not isinstance(field, DateTimeField)
