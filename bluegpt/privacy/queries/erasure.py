"""What an erasure ends and what it leaves, under which law. The declarations and holds decide."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import ForeignKey
from django.utils.translation import get_language

from bluegpt.core.personal_data import DataClass, Erasure, Table, declared
from bluegpt.privacy.queries.directives import classes_wished
from bluegpt.privacy.queries.holds import held_classes, holds_of
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.requests import is_answer_owed
from bluegpt.privacy.queries.rows import model_of
from bluegpt.privacy.queries.tables import in_order
from bluegpt.privacy.queries.words import duration_in_words, trigger_in_words
from bluegpt.privacy.rules.directives import touches
from bluegpt.privacy.types.directives import Wish
from bluegpt.privacy.types.receipts import ErasureScope, Preview, Stay, TableCount

# The erasure's own row ends with the receipt, and keys end before rows, in the vault.
_APART = {"privacy.ErasureRun", "vault.ClassKey"}
# Begins with the end of the account: the clock of what stays.
_BEGINS = {"privacy.FormerAccount"}

# After a death, what was laid down says which kinds end.
_WISHES = {ErasureScope.WISHES: Wish.ERASE, ErasureScope.HANDED: Wish.HAND_OVER}


def classes_of(scope: ErasureScope, person_id: UUID) -> frozenset[DataClass]:
    """The classes whose keys and rows end; those that a law holds are not among them."""
    return _asked(scope, person_id) - held_classes(person_id) - _owed(person_id)


def _owed(person_id: UUID) -> frozenset[DataClass]:
    """Words and address of what has to be answered still. Source: GDPR, Art. 12(3), 17(3)(b)."""
    return frozenset({DataClass.REQUEST}) if is_answer_owed(person_id) else frozenset()


def _asked(scope: ErasureScope, person_id: UUID) -> frozenset[DataClass]:
    if scope is ErasureScope.CONTENT:
        return frozenset({DataClass.CONTENT, DataClass.ARCHIVE})
    if scope in _WISHES:
        return classes_wished(person_id, _WISHES[scope])
    return frozenset(DataClass) - {DataClass.TECHNICAL}


def ending_tables(scope: ErasureScope, person_id: UUID) -> tuple[Table, ...]:
    """The tables whose rows of this person are deleted, in the order in which they may be."""
    classes = classes_of(scope, person_id)
    deletable = [
        table
        for table in declared()
        if table.erasure is Erasure.DELETE
        and table.person_path
        and table.model not in _APART | _BEGINS
    ]
    found = {table.model: table for table in deletable if _ends_with(table, scope, classes)}
    staying = [table for table in deletable if table.model not in found]
    while staying:  # what stays keeps the rows that it hangs on
        for label in _pointed_at(staying.pop()):
            if label in found:
                staying.append(found.pop(label))
    return in_order(found.values())


def blanked_tables(scope: ErasureScope, person_id: UUID) -> tuple[Table, ...]:
    """Tables whose rows stay and whose sealed words end."""
    classes = classes_of(scope, person_id)
    return tuple(
        table
        for table in declared()
        if table.erasure is Erasure.KEEP_PSEUDONYMOUS
        and any(column.data_class in classes for column in table.sealed)
    )


def mine(table: Table, person_id: UUID) -> Any:
    """The person's rows of a table, unordered."""
    return model_of(table)._base_manager.filter(**{table.person_path: person_id})


def preview(scope: ErasureScope, person_id: UUID) -> Preview:
    """What would go and what would stay, in the reader's language."""
    return Preview(
        goes=tuple(
            TableCount(
                model=table.model,
                name=str(table.name or table.model),
                data_class=next(iter(table.claims)),
                count=count,
            )
            for table in ending_tables(scope, person_id)
            if (count := mine(table, person_id).count()) and table.name
        ),
        stays=tuple(stays(scope, person_id)),
    )


def stays(scope: ErasureScope, person_id: UUID) -> Iterator[Stay]:
    """What is left after an erasure, and why: by its own rule, or by a hold."""
    ending = {table.model for table in ending_tables(scope, person_id)}
    held = {hold.data_class: hold for hold in holds_of(person_id) if hold.is_current}
    for table in declared():
        if not table.person_path or table.model in ending or table.model in _APART:
            continue
        if scope is ErasureScope.CONTENT and DataClass.CONTENT not in table.claims:
            continue
        count = mine(table, person_id).count()
        if not count or not table.name:
            continue
        hold = next((held[each] for each in table.claims if each in held), None)
        if hold is not None:
            yield Stay(
                name=str(table.name),
                count=count,
                why=hold.text,
                law=hold.law,
                until=hold.ends_on.isoformat(),
            )
        else:
            yield _by_rule(table, count)


def _by_rule(table: Table, count: int) -> Stay:
    """The longest of the rules that keep the table's rows."""
    rules = [
        rule
        for rule in manifest().retention.values()
        if rule.data_class in table.claims and rule.trigger == table.retention_trigger
    ]
    rule = max(rules, key=lambda each: each.duration.days_about)
    until = f"{duration_in_words(rule.duration)} {trigger_in_words(rule.trigger)}"
    return Stay(
        name=str(table.name),
        count=count,
        why=rule.why.in_language(get_language() or "en"),
        law=rule.source,
        until=until,
    )


def _pointed_at(table: Table) -> Iterator[str]:
    for field in model_of(table)._meta.concrete_fields:
        if isinstance(field, ForeignKey) and not field.null:
            yield field.remote_field.model._meta.label


def _ends_with(table: Table, scope: ErasureScope, classes: frozenset[DataClass]) -> bool:
    if scope in _WISHES:
        return any(touches(table, data_class) for data_class in classes)
    personal = {each for each in table.claims if each is not DataClass.TECHNICAL}
    if scope is ErasureScope.CONTENT:
        return bool(personal & classes)
    return personal <= classes
