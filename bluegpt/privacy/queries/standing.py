"""How a person stands: one query, then nothing for a moment.

A choice made in this process counts at once. One made in another counts after `TTL_S` at the
latest, and before anything leaves: a disclosure looks again, without the cache.
"""

from threading import Lock
from uuid import UUID

from django.db import connection, transaction

from bluegpt.core import clock
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.privacy.models import Choice
from bluegpt.privacy.queries.manifest import address_of, manifest
from bluegpt.privacy.rules import clearing
from bluegpt.privacy.rules import standing as rules
from bluegpt.privacy.types.choices import Standing
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.manifest import Purpose

TTL_S = 2.0
_CACHED_MAX = 10_000
_ANY = f"SELECT 1 FROM {Choice._meta.db_table} WHERE person_id = %s LIMIT 1"  # noqa: S608 - ours


class _Remembered:
    """Standings for a moment. A choice made meanwhile is never covered by what was read before."""

    def __init__(self) -> None:
        self._entries: dict[UUID, tuple[Standing, float]] = {}
        self._lock = Lock()
        self.generation = 0

    def get(self, person_id: UUID) -> Standing | None:
        known = self._entries.get(person_id)
        return known[0] if known is not None and known[1] > clock.monotonic_s() else None

    def keep(self, person_id: UUID, found: Standing, *, generation: int) -> None:
        with self._lock:
            if generation != self.generation:
                return
            if len(self._entries) >= _CACHED_MAX:
                self._entries.clear()
            self._entries[person_id] = (found, clock.monotonic_s() + TTL_S)

    def forget(self, person_id: UUID | None) -> None:
        with self._lock:
            self.generation += 1
            if person_id is None:
                self._entries.clear()
            else:
                self._entries.pop(person_id, None)


_remembered = _Remembered()


def standing(person_id: UUID) -> Standing:
    """What the person has chosen, at most TTL_S seconds old."""
    known = _remembered.get(person_id)
    if known is not None:
        return known
    generation = _remembered.generation
    found = standing_now(person_id)
    # What may yet be rolled back is not remembered.
    if not transaction.get_connection().in_atomic_block:
        _remembered.keep(person_id, found, generation=generation)
    return found


def standing_now(person_id: UUID) -> Standing:
    """What the person has chosen, as the database says; part of the caller's transaction."""
    if not _has_chosen(person_id):
        return rules.standing_of(())
    rows = Choice.objects.filter(person_id=person_id)
    return rules.standing_of(rows.values_list("kind", "subject", "value", "at"))


def _has_chosen(person_id: UUID) -> bool:
    """Most people have made no choice, and a query of the ORM costs four times as much as this."""
    key = Choice._meta.get_field("person_id").get_db_prep_value(person_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(_ANY, [key])
        return cursor.fetchone() is not None


def check_not_restricted(person_id: UUID) -> None:
    """Raise UseRestricted when the person's data is frozen: for what changes or deletes it."""
    rules.check_use(standing_now(person_id), "")


def closed_recipients(person_id: UUID) -> dict[str, type[NotCleared]]:
    """Recipients that the person's own limits keep out, each with the refusal that says why."""
    policy, own = manifest(), standing(person_id)
    closed: dict[str, type[NotCleared]] = {}
    for key in policy.recipients:
        facts = clearing.facts_of(policy, key, address=address_of(key))
        refusal = rules.closed_by(policy, own, facts) if facts else None
        if refusal is not None:
            closed[key] = refusal
    return closed


def closed_routes() -> dict[str, type[NotCleared]]:
    """Recipients that nothing of anybody's goes to today, each with the refusal that says why."""
    policy, today = manifest(), clock.now().date()
    closed: dict[str, type[NotCleared]] = {}
    for key in policy.recipients:
        address = address_of(key)
        facts = clearing.facts_of(policy, key, address=address)
        try:
            if facts is not None:
                clearing.check_route(policy, facts, address=address, today=today)
        except NotCleared as shut:
            closed[key] = type(shut)
    return closed


def has_switch(purpose: Purpose) -> bool:
    """Whether an objection to this purpose acts by itself."""
    return rules.can_be_objected_to(purpose)


def terms_offered() -> dict[str, Duration]:
    """How long content may stay after closing, as it is written, shortest first."""
    return rules.terms_offered(manifest())


def forget(person_id: UUID) -> None:
    """Let the next question about a person go to the database."""
    _remembered.forget(person_id)


def forget_cached() -> None:
    """Drop everything this process remembers."""
    _remembered.forget(None)
