"""What was erased stays erased, whichever of the two databases is put back to an older state."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from bluegpt.core import clock
from bluegpt.core import erasures as data
from bluegpt.core.ids import new_id
from bluegpt.core.models import AppliedErasure, Job
from bluegpt.core.personal_data import DataClass
from bluegpt.vault import jobs
from bluegpt.vault.errors import CannotOpen, ErasuresMissing, PersonErased
from bluegpt.vault.models import ClassKey, Destruction, Erasure, Tombstone
from bluegpt.vault.services import erasures, journal, keys, seal
from bluegpt.vault.types import Standing

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]

KIND = "tests.job"
WHOLE = Standing(data_lacks=0, vault_lacks=0)


@data.ends(KIND)
def _end(subject: str) -> None:
    Job.objects.filter(id=subject).delete()


@pytest.fixture
def row() -> Job:
    """Something that can be erased."""
    return Job.objects.create(name="core.forget_failed_jobs", payload={}, attempts_max=1)


def sealed_for(person_id: UUID) -> bytes:
    return seal.seal(b"bonjour", person_id=person_id, data_class=DataClass.CONTENT, context="c")


def opened_for(person_id: UUID, sealed: bytes) -> bytes:
    return seal.open_sealed(sealed, person_id=person_id, data_class=DataClass.CONTENT, context="c")


def bring_back(*rows: ClassKey | Job) -> None:
    """As a backup does that is put over a database."""
    for each in rows:
        each.save(force_insert=True)


def test_an_erasure_ends_the_row_and_leaves_its_note_in_both_databases(row: Job) -> None:
    erasures.erase(KIND, row.id)

    assert not Job.objects.filter(id=row.id).exists()
    note = Erasure.objects.get()
    assert (note.kind, note.subject) == (KIND, str(row.id))
    assert note.done_at is not None
    assert AppliedErasure.objects.get().id == note.id
    assert data.epoch() == note.sequence
    assert erasures.standing() == WHOLE
    assert erasures.is_caught_up()


def test_a_kind_that_nobody_ends_is_refused(row: Job) -> None:
    with pytest.raises(LookupError, match="made_up"):
        erasures.erase("made_up", row.id)


def test_numbers_rise_even_past_those_that_only_the_data_has_seen(row: Job) -> None:
    erasures.erase(KIND, row.id)
    Erasure.objects.all().delete()  # the vault is put back

    erasures.erase(KIND, uuid4())

    assert Erasure.objects.get().sequence == 2


def test_data_that_is_put_back_is_not_served_until_the_rows_have_ended_again(row: Job) -> None:
    erasures.erase(KIND, row.id)
    row_id = row.id
    AppliedErasure.objects.all().delete()
    bring_back(Job(id=row_id, name="core.forget_failed_jobs", payload={}, attempts_max=1))

    assert erasures.standing() == Standing(data_lacks=1, vault_lacks=0)
    assert not erasures.is_caught_up()
    with pytest.raises(ErasuresMissing, match="restore --replay"):
        erasures.insist_on_replay()

    assert erasures.replay() == Standing(data_lacks=1, vault_lacks=0)

    assert not Job.objects.filter(id=row_id).exists()
    erasures.insist_on_replay()
    assert erasures.is_caught_up()
    assert erasures.replay() == WHOLE


def test_a_vault_that_is_put_back_brings_no_key_back(person_id: UUID) -> None:
    sealed = sealed_for(person_id)
    key = ClassKey.objects.get(person_id=person_id)
    seal.destroy_keys(person_id=person_id, data_class=DataClass.CONTENT)
    # The vault of before: the key, and nothing about its end.
    for table in (Erasure, Tombstone, Destruction):
        table.objects.all().delete()
    bring_back(key)
    assert opened_for(person_id, sealed) == b"bonjour", "the backup brings it back"
    with pytest.raises(ErasuresMissing):
        erasures.insist_on_replay()

    assert erasures.replay() == Standing(data_lacks=0, vault_lacks=1)

    with pytest.raises(CannotOpen):
        opened_for(person_id, sealed)
    assert not ClassKey.objects.exists()
    assert Tombstone.objects.filter(key_id=key.id).exists()
    assert erasures.is_caught_up()


def test_a_vault_that_is_put_back_still_bars_an_erased_person(person_id: UUID) -> None:
    sealed_for(person_id)
    keys_before = list(ClassKey.objects.all())
    seal.destroy_keys(person_id=person_id)
    for table in (Erasure, Tombstone, Destruction):
        table.objects.all().delete()
    bring_back(*keys_before)

    erasures.replay()
    keys.forget_cached()

    with pytest.raises(PersonErased):
        sealed_for(person_id)


def test_a_key_made_after_the_end_of_another_survives_the_replay(person_id: UUID) -> None:
    sealed_for(person_id)
    seal.destroy_keys(person_id=person_id, data_class=DataClass.CONTENT)
    newer = sealed_for(person_id)
    AppliedErasure.objects.all().delete()

    erasures.replay()
    keys.forget_cached()

    assert opened_for(person_id, newer) == b"bonjour"


def test_notes_from_elsewhere_are_adopted_and_then_asked_of_the_data(row: Job) -> None:
    erasures.erase(KIND, row.id)
    notes = list(erasures.recorded())
    Erasure.objects.all().delete()
    AppliedErasure.objects.all().delete()
    bring_back(Job(id=row.id, name="core.forget_failed_jobs", payload={}, attempts_max=1))
    assert erasures.is_caught_up(), "with both put back, nobody here can know"

    assert erasures.adopt(notes) == 1
    assert erasures.adopt(notes) == 0
    with pytest.raises(ErasuresMissing):
        erasures.insist_on_replay()
    erasures.replay()

    assert not Job.objects.filter(id=notes[0].subject).exists()


def test_an_erasure_cut_off_by_a_crash_is_carried_out_by_the_job_and_stops_nobody(
    row: Job,
) -> None:
    with transaction.atomic(using="vault"):
        journal.enter(KIND, [str(row.id)])
    erasures.insist_on_replay()
    jobs.finish_erasures()
    assert Job.objects.filter(id=row.id).exists(), "it is left alone for a minute"

    Erasure.objects.update(noted_at=clock.now() - timedelta(minutes=2))
    jobs.finish_erasures()

    assert not Job.objects.filter(id=row.id).exists()
    assert Erasure.objects.get().done_at is not None
    assert erasures.standing() == WHOLE


def test_an_erasure_whose_transaction_is_undone_is_still_going_to_happen(row: Job) -> None:
    with transaction.atomic():
        erasures.erase(KIND, row.id)
        transaction.set_rollback(True)
    assert Job.objects.filter(id=row.id).exists()
    assert Erasure.objects.get().done_at is None

    Erasure.objects.update(noted_at=clock.now() - timedelta(minutes=2))
    erasures.finish()

    assert not Job.objects.filter(id=row.id).exists()


def test_notes_are_forgotten_in_both_databases_when_their_time_is_over() -> None:
    old, young = new_id(), new_id()
    erasures.erase(KIND, old)
    month_ago = clock.now() - timedelta(days=30)
    Erasure.objects.update(noted_at=month_ago)
    AppliedErasure.objects.update(noted_at=month_ago)
    erasures.erase(KIND, young)

    assert erasures.forget(before=clock.now() - timedelta(days=29)) == 1

    assert [note.subject for note in erasures.recorded()] == [str(young)]
    assert [note.subject for note in data.recorded()] == [str(young)]
    assert erasures.is_caught_up()
