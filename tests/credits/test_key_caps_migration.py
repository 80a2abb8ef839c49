"""The limits that API keys had before the ledger enforced them."""

from uuid import UUID

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from bluegpt.core import clock
from bluegpt.core.ids import new_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

BEFORE = [("accounts", "0001_initial"), ("credits", "0004_immutable_blocks")]


def test_the_limit_of_a_key_becomes_a_cap_and_can_go_back() -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        before = _to(BEFORE)
        person_id, limited = _person_with_keys(before)

        caps = _to(newest).get_model("credits", "Cap").objects.all()
        taken_over = [
            (cap.person_id, cap.key_id, cap.period, cap.limit_microcredits, cap.used_microcredits)
            for cap in caps
        ]

        keys = _to(BEFORE).get_model("accounts", "ApiKey").objects.all()
        given_back = {key.id: key.monthly_cap_microcredits for key in keys}
    finally:
        _to(newest)

    assert taken_over == [(person_id, limited, "month", 12_500_000, 0)]
    assert given_back.pop(limited) == 12_500_000
    assert set(given_back.values()) == {None}


def _to(targets: list[tuple[str, str]]) -> StateApps:
    """Migrate there; the models as they are there."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def _person_with_keys(apps: StateApps) -> tuple[UUID, UUID]:
    """Somebody with a limited key, one without a limit, and a limited one that has ended."""
    person = apps.get_model("accounts", "Person").objects.create(email="alice@example.org")
    keys = apps.get_model("accounts", "ApiKey").objects
    made = [
        keys.create(
            id=new_id(),
            person_id=person.id,
            name="a key",
            prefix="bgpt_",
            secret_sha256=str(limit) + str(revoked_at),
            monthly_cap_microcredits=limit,
            revoked_at=revoked_at,
        )
        for limit, revoked_at in [(12_500_000, None), (None, None), (7, clock.now())]
    ]
    return person.id, made[0].id
