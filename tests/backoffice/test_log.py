"""The log of what staff did shows any change, whoever makes it."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.privacy.models import StaffAct, StaffActHead
from bluegpt.privacy.queries import staff_log as queries
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import staff_log

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def _noted(count: int) -> None:
    for number in range(count):
        staff_log.note(
            actor_id=new_id(), verb="hold.place", object_id=new_id(), facts={"n": number}
        )


def _behind_the_software(change: Callable[[], object]) -> None:
    """Do what only somebody with the database in hand can do: without its triggers."""
    table = "privacy_staffact"
    names = (f"{table}_is_final", f"{table}_stays")
    with connection.cursor() as cursor:
        for name in names:
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{suffix}")
    change()


def test_an_untouched_chain_holds() -> None:
    _noted(5)

    found = queries.verify()

    assert (found.entries, found.first, found.head_number, found.broken_at) == (5, 1, 5, None)


def test_an_empty_log_holds() -> None:
    assert queries.verify().broken_at is None


def test_no_act_is_changed() -> None:
    _noted(1)

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        StaffAct.objects.update(verb="nothing.happened")


def test_no_act_is_deleted_before_its_term() -> None:
    _noted(1)

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        StaffAct.objects.all().delete()


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        (lambda: StaffAct.objects.filter(number=3).update(verb="nothing.happened"), 3),
        (lambda: StaffAct.objects.filter(number=3).update(actor_id=UUID(int=7)), 3),
        (lambda: StaffAct.objects.filter(number=3).update(facts={}), 3),
        (
            lambda: StaffAct.objects.filter(number=3).update(at=clock.now() - timedelta(days=1)),
            3,
        ),
        (lambda: StaffAct.objects.filter(number=3).delete(), 4),
        (lambda: StaffAct.objects.filter(number=5).delete(), 5),
        (lambda: StaffAct.objects.all().delete(), 5),
    ],
    ids=["verb", "actor", "facts", "time", "one taken out", "the last cut off", "all gone"],
)
def test_a_change_behind_the_software_is_found(
    change: Callable[[], object], broken_at: int
) -> None:
    _noted(5)

    _behind_the_software(change)

    if not StaffAct.objects.exists():
        # An empty log with a head beyond its start: only the end of the term may empty it.
        assert queries.verify().entries == 0
    else:
        assert queries.verify().broken_at == broken_at


def test_a_chain_that_was_rewritten_as_a_whole_betrays_itself_by_an_old_head() -> None:
    _noted(3)
    noted = queries.verify()

    def rewrite() -> None:
        StaffAct.objects.all().delete()
        StaffActHead.objects.all().delete()

    _behind_the_software(rewrite)
    _noted(3)

    assert queries.verify().broken_at is None
    assert queries.digest_at(noted.head_number) != noted.head_digest


def test_after_the_term_the_oldest_entries_go_and_the_chain_still_holds() -> None:
    _noted(4)

    _behind_the_software(lambda: StaffAct.objects.filter(number__lt=3).delete())

    found = queries.verify()
    assert (found.first, found.entries, found.broken_at) == (3, 2, None)


def test_the_log_holds_no_texts() -> None:
    with pytest.raises(ValueError, match="codes and ids"):
        staff_log.note(actor_id=None, verb="x", object_id=new_id(), facts={"why": "word " * 40})


def test_the_database_keeps_the_log_as_long_as_the_manifest_says() -> None:
    migration = import_module("bluegpt.privacy.migrations.0008_registers")

    rule = manifest().retention["staff_acts"]

    assert (rule.duration.years, rule.duration.months, rule.duration.days) == (
        migration.TERM_YEARS,
        0,
        0,
    )


def test_the_page_says_whether_the_chain_holds(staff_client: Client) -> None:
    _noted(2)
    assert "The chain holds: 2 entries" in staff_client.get("/staff/log").content.decode()

    _behind_the_software(lambda: StaffAct.objects.filter(number=1).update(verb="another"))

    assert "broken at entry 1" in staff_client.get("/staff/log").content.decode()
