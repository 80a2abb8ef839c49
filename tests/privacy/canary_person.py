"""A person with a row in every declared table, and in each row something that nobody else has.

What no service has made is made from the declaration alone, so a new table has its canary from the
day on which it is declared, or this fails.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import models

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass, Table, declared
from bluegpt.core.worker import Worker
from bluegpt.privacy.services import archives
from bluegpt.privacy.types.archives import ArchiveKind
from bluegpt.vault.services import files, seal
from tests.credits import books
from tests.privacy import changing_hands
from tests.privacy.belongings import Belongings, settle_down

# What only an erasure makes: its own order, and what it leaves of keys and accounts.
MADE_BY_ERASURE = {"privacy.ErasureRun", "privacy.FormerAccount", "vault.Destruction"}
_ARCHIVE = {"privacy.Archive", "privacy.ArchivePiece"}  # the person asks for it, last of all
_SENTENCE_CHARS = 32

Place = tuple[str, str]  # table, column

# What a database insists on, or what would keep the person's other data: by table and column.
_TAKEN_CARE_OF: dict[str, dict[str, Any]] = {
    "privacy.ContentAccess": {"minutes": 5},
    "privacy.Introduction": {"occasion": "sent"},
    "privacy.LegalHold": {
        "data_class": DataClass.CONTENT.value,
        "ends_on": lambda: clock.now().date() - timedelta(days=1),
    },
    "privacy.PolicyAcknowledgement": {"occasion": "sign_up"},
    "privacy.Request": {
        "due_on": lambda: clock.now().date() + timedelta(days=30),
        "closed_at": clock.now,
    },
    "privacy.SuccessionNotice": {"succession": changing_hands.given_up},
    "usersessions.UserSession": {"ip": "192.0.2.7"},
}


@dataclass(frozen=True, slots=True)
class CanaryPerson:
    """Who it is, and the sentence in each column: in clear, or where only a key opens it."""

    belongings: Belongings
    since: float  # seconds since 1970, before anything of theirs was written
    clear: dict[Place, str] = field(default_factory=dict)
    sealed: dict[Place, str] = field(default_factory=dict)
    in_the_making: set[str] = field(default_factory=set)  # tables

    @property
    def id(self) -> UUID:
        return self.belongings.person.id


def in_every_table() -> CanaryPerson:
    """The person, with a row in every declared table that knows of people."""
    since = time.time() - 1  # a file's clock is a little behind
    person = CanaryPerson(settle_down("heron.of.brackwater@example.org"), since)
    _used_credits(person.id)
    for table in personal():
        if table.model not in MADE_BY_ERASURE | _ARCHIVE and not _mine(table, person.id).exists():
            _row(table, person)
    archives.ask(person_id=person.id, kind=ArchiveKind.ACCESS, language="en")
    Worker().run_pending()
    return person


def personal() -> Iterator[Table]:
    """The declared tables whose rows belong to people."""
    return (table for table in declared() if table.person_path)


def rows_of(person_id: UUID) -> dict[str, int]:
    """How many rows the person has, by table."""
    return {table.model: _mine(table, person_id).count() for table in personal()}


def _mine(table: Table, person_id: UUID) -> Any:
    return apps.get_model(table.model)._base_manager.filter(**{table.person_path: person_id})


def _used_credits(person_id: UUID) -> None:
    books.publish(microcredits_per_token=1)
    books.settle(books.hold(person_id, 7).id, 5)


def _row(table: Table, person: CanaryPerson) -> models.Model:
    model = apps.get_model(table.model)
    values: dict[str, Any] = {}
    person.in_the_making.add(table.model)
    key = model._meta.pk
    # Some rows are named by another table's row: what they seal is bound to that one's id.
    other = _pointed_at(key, person) if key.is_relation else None
    row_id = other.pk if other else new_id()
    for column in model._meta.concrete_fields:
        care = _TAKEN_CARE_OF.get(table.model, {}).get(column.name)
        if care is not None:
            values[column.name] = care() if callable(care) else care
        elif not isinstance(column, models.AutoField):
            values[column.name] = _value(table, column, person, row_id)
    row: models.Model = model._base_manager.create(**values)
    person.in_the_making.remove(table.model)
    return row


def _value(table: Table, column: Any, person: CanaryPerson, row_id: UUID) -> Any:
    if table.person_path in {column.name, column.attname}:
        return person.id if not column.is_relation else person.belongings.person
    if column.is_relation:
        return _pointed_at(column, person)
    for sealed in table.sealed:
        if sealed.column == column.name:
            words = _sentence(person.sealed, table, column)
            return seal.seal(
                words.encode(),
                person_id=person.id,
                data_class=sealed.data_class,
                context=f"{sealed.place}:{row_id}",
            )
    for file in table.files:
        if file.column == column.name:
            words = _sentence(person.sealed, table, column)
            return async_to_sync(files.put)(
                words.encode(),
                person_id=person.id,
                data_class=file.data_class,
                context=f"{file.place}:{row_id}",
            )
    if column.primary_key and isinstance(column, models.UUIDField):
        return row_id
    return _plain(table, column, person)


def _plain(table: Table, column: Any, person: CanaryPerson) -> Any:
    if column.choices:
        return column.choices[0][0]
    if isinstance(column, (models.CharField, models.TextField)):
        if (column.max_length or _SENTENCE_CHARS) < _SENTENCE_CHARS:
            return "x"
        return _sentence(person.clear, table, column)
    if isinstance(column, models.DateTimeField):
        return None if column.null else clock.now()
    if isinstance(column, models.DateField):
        return clock.now().date()
    if isinstance(column, models.UUIDField):
        return None if column.null else new_id()
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.JSONField):
        return {"canary": _sentence(person.clear, table, column)}
    if isinstance(column, models.BinaryField):
        return b"\0" * 32
    assert isinstance(column, models.IntegerField), f"{table.model}.{column.name} needs a canary"
    return 1


def _pointed_at(column: Any, person: CanaryPerson) -> models.Model | None:
    label = column.related_model._meta.label
    table = next((each for each in personal() if each.model == label), None)
    assert table is not None, f"{column} points at a table that knows of nobody"
    if column.null and label in person.in_the_making:
        return None  # tables that point at each other: one of the two has to be first
    return _mine(table, person.id).first() or _row(table, person)


def _sentence(sentences: dict[Place, str], table: Table, column: Any) -> str:
    words = "canary" + "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=26))  # noqa: S311
    sentences[table.model, column.name] = words
    return words
