"""Every column of every table is claimed by one data class, and every claim has its end."""

from collections import Counter
from collections.abc import Container
from typing import Any

from django.apps import apps
from django.db.models import DateField, Field, ForeignKey, Model, UUIDField

from bluegpt.core.personal_data import (
    ACCOUNT_CLOSED,
    DataClass,
    Erasure,
    Export,
    SealedColumn,
    SealedFile,
    Table,
    declared,
)
from bluegpt.privacy.queries.manifest import manifest

TABLES = {table.model: table for table in declared()}


def _models() -> dict[str, type[Model]]:
    every = apps.get_models(include_auto_created=True)
    return {model._meta.label: model for model in every if not model._meta.proxy}


def test_every_table_is_declared() -> None:
    undeclared = sorted(set(_models()) - set(TABLES))

    assert not undeclared, "\n".join(undeclared)


def test_every_declared_table_exists() -> None:
    gone = sorted(set(TABLES) - set(_models()))

    assert not gone, "\n".join(gone)


def test_every_column_is_claimed_exactly_once() -> None:
    wrong = {}
    for label, model in _models().items():
        if label not in TABLES:
            continue  # named by the test above
        claimed = Counter(name for names in TABLES[label].claims.values() for name in names)
        columns = Counter(field.name for field in model._meta.local_concrete_fields)
        if claimed != columns:
            wrong[label] = {
                "unclaimed": sorted((columns - claimed).elements()),
                "too much": sorted((claimed - columns).elements()),
            }

    assert wrong == {}


def test_every_path_to_the_person_leads_to_one() -> None:
    astray = [
        label
        for label, model in _models().items()
        if label in TABLES
        and TABLES[label].person_path
        and not _leads_to_a_person(model, TABLES[label].person_path)
    ]

    assert not astray, "\n".join(astray)


def test_a_table_about_nobody_claims_no_personal_data() -> None:
    contradictory = [
        table.model
        for table in TABLES.values()
        if (
            table.erasure is Erasure.NOT_PERSONAL and (_personal(table.claims) or table.person_path)
        )
        or (not table.person_path and table.erasure in {Erasure.DELETE, Erasure.KEEP_PSEUDONYMOUS})
    ]

    assert not contradictory, "\n".join(contradictory)


def test_every_claim_has_a_retention_rule_with_its_trigger() -> None:
    rules = {(rule.data_class, rule.trigger) for rule in manifest().retention.values()}

    endless = sorted(
        f"{table.model}: {data_class} after {table.retention_trigger}"
        for table in TABLES.values()
        for data_class in _personal(table.claims)
        if (data_class, table.retention_trigger) not in rules
    )

    assert not endless, "\n".join(endless)


def test_every_clock_starts_at_a_recorded_instant() -> None:
    wrong = [
        f"{label}: {TABLES[label].recorded_at or 'nothing'}"
        for label, model in _models().items()
        if label in TABLES and not _has_its_clock(model, TABLES[label])
    ]

    assert not wrong, "\n".join(wrong)


def test_blanks_are_columns() -> None:
    wrong = [
        label
        for label, model in _models().items()
        if label in TABLES
        and not set().union(*TABLES[label].blanks.values())
        <= {field.name for field in model._meta.concrete_fields}
    ]

    assert not wrong, "\n".join(wrong)


def test_a_blanked_class_leaves_none_of_its_columns() -> None:
    kept = {
        (label, data_class): set(table.claims[data_class]) - set(blanks)
        for label, table in TABLES.items()
        for data_class, blanks in table.blanks.items()
    }

    assert not any(kept.values()), kept


def test_every_retention_rule_ends_some_table() -> None:
    ended = {
        (data_class, table.retention_trigger)
        for table in TABLES.values()
        for data_class in _personal(table.claims)
    }

    idle = sorted(
        key
        for key, rule in manifest().retention.items()
        if (rule.data_class, rule.trigger) not in ended
    )

    assert not idle, "\n".join(idle)


def test_every_sealed_column_says_how_it_is_opened() -> None:
    unopened = sorted(
        f"{label}.{field.name}"
        for label, model in _models().items()
        for field in model._meta.local_concrete_fields
        if field.name.endswith("_sealed")
        and field.name not in {column.column for column in TABLES[label].sealed}
    )

    assert not unopened, "\n".join(unopened)


def test_what_a_declaration_says_of_columns_is_about_columns_that_exist() -> None:
    astray = {
        label: sorted(wrong)
        for label, model in _models().items()
        if (wrong := _named(TABLES[label]) - {f.name for f in model._meta.local_concrete_fields})
    }

    assert astray == {}


def test_what_is_sealed_is_claimed_by_the_class_that_seals_it() -> None:
    astray = [
        f"{table.model}.{item.column}"
        for table in TABLES.values()
        for item in _sealed(table)
        if item.column not in table.claims.get(item.data_class, ())
    ]

    assert not astray, "\n".join(astray)


def test_a_summary_withholds_secrets_and_nothing_else_does() -> None:
    wrong = [
        table.model
        for table in TABLES.values()
        if (table.export is Export.SUMMARY) != bool(table.withheld)
        and table.export is not Export.NONE
    ]
    open_columns = [
        f"{table.model}.{column}"
        for table in TABLES.values()
        for column in table.withheld
        if column not in table.claims.get(DataClass.SECURITY, ())
    ]

    assert wrong == []
    assert open_columns == []


def test_every_table_of_the_archive_has_a_name() -> None:
    nameless = [
        table.model
        for table in TABLES.values()
        if table.person_path and table.export is not Export.NONE and not table.name
    ]

    assert not nameless, "\n".join(nameless)


def _named(table: Table) -> set[str]:
    named = {item.column for item in _sealed(table)}
    for file in table.files:
        named |= {name for name in (file.name_column, file.media_type_column) if name}
    return named | set(table.withheld) | set(table.labels)


def _sealed(table: Table) -> list[SealedColumn | SealedFile]:
    return [*table.sealed, *table.files]


def _personal(claims: Container[DataClass]) -> list[DataClass]:
    return [each for each in DataClass if each in claims and each is not DataClass.TECHNICAL]


def _has_its_clock(model: type[Model], table: Table) -> bool:
    """A row's own instant, or the closing of the account of a person it leads to."""
    if not _personal(table.claims):
        return True
    if table.retention_trigger == ACCOUNT_CLOSED:
        return not table.recorded_at and bool(table.person_path)
    *steps, last = table.recorded_at.split("__")
    for step in steps:
        pointer = model._meta.get_field(step)
        assert isinstance(pointer, ForeignKey)
        model = pointer.remote_field.model
    fields: dict[str, Field[Any, Any]] = {each.name: each for each in model._meta.concrete_fields}
    found = fields.get(last)
    # Neither the time of the last change, nor one that Django writes by itself.
    return isinstance(found, DateField) and not found.auto_now and "updat" not in last


def _leads_to_a_person(model: type[Model], path: str) -> bool:
    *steps, last = path.split("__")
    for step in steps:
        field = model._meta.get_field(step)
        if not isinstance(field, ForeignKey):
            return False
        model = field.remote_field.model
    names: dict[str, Field[Any, Any]] = {}
    for field in model._meta.concrete_fields:
        names |= {field.name: field, field.attname: field}
    target = names.get(last)
    if isinstance(target, ForeignKey):
        return target.remote_field.model._meta.label == "accounts.Person"
    return isinstance(target, UUIDField)
