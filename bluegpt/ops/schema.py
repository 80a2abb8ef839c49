"""Where the tables of both databases stand, compared with this version's migrations."""

from enum import StrEnum

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor


class SchemaState(StrEnum):
    """How far a database is."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


def state() -> SchemaState:
    """The state of both databases together: of two, the one that needs more attention."""
    states = {state_of(alias) for alias in connections}
    if states == {SchemaState.CURRENT}:
        return SchemaState.CURRENT
    if SchemaState.AHEAD in states:
        return SchemaState.AHEAD
    # A process that died between the two leaves one empty: that is a fresh start as well.
    return SchemaState.EMPTY if SchemaState.EMPTY in states else SchemaState.BEHIND


def state_of(alias: str) -> SchemaState:
    """The state of one database. Raises OperationalError when it does not answer."""
    executor = MigrationExecutor(connections[alias])
    loader = executor.loader
    applied = set(loader.applied_migrations)
    ours = {name for name in applied if name[0] in loader.migrated_apps}
    if not ours:
        return SchemaState.EMPTY
    known = set(loader.disk_migrations)
    replaced = {name for one in loader.disk_migrations.values() for name in one.replaces}
    if ours - known - replaced:
        return SchemaState.AHEAD
    is_current = not executor.migration_plan(loader.graph.leaf_nodes())
    return SchemaState.CURRENT if is_current else SchemaState.BEHIND


def migrate() -> None:
    """Bring both databases up to date. The vault first: keys stand below everything."""
    for alias in ("vault", "default"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
