"""Sealing under the person's class key; what a destroyed key takes with it."""

from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.vault import jobs
from bluegpt.vault.adapters import root_key
from bluegpt.vault.errors import CannotOpen, PersonErased, WrongRootKey
from bluegpt.vault.models import ClassKey, Destruction, Tombstone
from bluegpt.vault.services import keys, seal

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(databases=["default", "vault"]),
]

CONTENT = DataClass.CONTENT
PLACE = "studio.message.text:1"


def sealed_for(person_id: UUID, data_class: DataClass = CONTENT) -> bytes:
    return seal.seal(b"bonjour", person_id=person_id, data_class=data_class, context=PLACE)


def opened_for(
    person_id: UUID, sealed: bytes, data_class: DataClass = CONTENT, context: str = PLACE
) -> bytes:
    return seal.open_sealed(sealed, person_id=person_id, data_class=data_class, context=context)


def test_a_value_comes_back_as_it_was(person_id: UUID) -> None:
    assert opened_for(person_id, sealed_for(person_id)) == b"bonjour"


def test_the_same_text_never_looks_the_same(person_id: UUID) -> None:
    first, second = sealed_for(person_id), sealed_for(person_id)

    assert first[17:] != second[17:]
    assert b"bonjour" not in first


def test_a_person_has_one_key_per_class(person_id: UUID) -> None:
    for data_class in (CONTENT, CONTENT, DataClass.SECURITY):
        sealed_for(person_id, data_class)

    assert ClassKey.objects.filter(person_id=person_id).count() == 2


def test_nobody_else_no_other_class_and_no_other_place_opens_it(person_id: UUID) -> None:
    sealed = sealed_for(person_id)
    somebody_else = new_id()
    sealed_for(somebody_else)
    sealed_for(person_id, DataClass.IDENTITY)

    for cached in (True, False):
        with pytest.raises(CannotOpen):
            opened_for(somebody_else, sealed)
        with pytest.raises(CannotOpen):
            opened_for(person_id, sealed, DataClass.IDENTITY)
        with pytest.raises(CannotOpen):
            opened_for(person_id, sealed, context="studio.message.text:2")
        if cached:
            keys.forget_cached()


def test_bytes_that_were_never_sealed_do_not_open(person_id: UUID) -> None:
    for junk in (b"", b"bonjour", b"\x01" + bytes(80), b"\x02" + bytes(80)):
        with pytest.raises(CannotOpen):
            opened_for(person_id, junk)


def test_many_values_open_in_order_with_one_look_up(
    person_id: UUID, django_assert_num_queries: object
) -> None:
    items = []
    for number in range(50):
        context = f"studio.message.text:{number}"
        text = f"message {number}".encode()
        items.append(
            (seal.seal(text, person_id=person_id, data_class=CONTENT, context=context), context)
        )
    keys.forget_cached()

    with django_assert_num_queries(1, connection=connections["vault"]):  # type: ignore[operator]
        opened = list(seal.open_many(items, person_id=person_id, data_class=CONTENT))

    assert opened == [f"message {number}".encode() for number in range(50)]


def test_many_values_stop_at_the_first_that_does_not_open(person_id: UUID) -> None:
    good = (sealed_for(person_id), PLACE)
    opened = seal.open_many([good, (good[0], "elsewhere")], person_id=person_id, data_class=CONTENT)

    assert next(opened) == b"bonjour"
    with pytest.raises(CannotOpen):
        next(opened)


def test_a_destroyed_key_closes_what_it_sealed_and_nothing_else(person_id: UUID) -> None:
    content, secret = sealed_for(person_id), sealed_for(person_id, DataClass.SECURITY)
    neighbour = new_id()
    theirs = sealed_for(neighbour)

    assert seal.destroy_keys(person_id=person_id, data_class=CONTENT) == 1

    with pytest.raises(CannotOpen):
        opened_for(person_id, content)
    assert opened_for(person_id, secret, DataClass.SECURITY) == b"bonjour"
    assert opened_for(neighbour, theirs) == b"bonjour"


def test_after_one_class_a_new_beginning_has_a_new_key(person_id: UUID) -> None:
    old = sealed_for(person_id)
    seal.destroy_keys(person_id=person_id, data_class=CONTENT)

    new = sealed_for(person_id)

    assert opened_for(person_id, new) == b"bonjour"
    assert old[1:17] != new[1:17]
    with pytest.raises(CannotOpen):
        opened_for(person_id, old)


def test_after_all_classes_nothing_can_be_sealed_any_more(person_id: UUID) -> None:
    sealed_for(person_id)
    sealed_for(person_id, DataClass.IDENTITY)

    assert seal.destroy_keys(person_id=person_id) == 2

    with pytest.raises(PersonErased):
        sealed_for(person_id)
    assert not ClassKey.objects.filter(person_id=person_id).exists()


def test_destroying_again_changes_nothing(person_id: UUID) -> None:
    sealed_for(person_id)

    assert seal.destroy_keys(person_id=person_id, data_class=CONTENT) == 1
    assert seal.destroy_keys(person_id=person_id, data_class=CONTENT) == 0


def test_a_destruction_leaves_a_journal_and_a_tombstone_with_a_random_id_only(
    person_id: UUID,
) -> None:
    sealed = sealed_for(person_id)
    key_id = UUID(bytes=sealed[1:17])

    seal.destroy_keys(person_id=person_id, data_class=CONTENT)

    assert Tombstone.objects.filter(key_id=key_id).exists()
    assert key_id.version == 4
    assert Destruction.objects.get().keys_destroyed == 1


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_finished_destruction_of_one_class_forgets_the_person(person_id: UUID) -> None:
    sealed_for(person_id)

    seal.destroy_keys(person_id=person_id, data_class=CONTENT)
    jobs.finish_destructions()

    entry = Destruction.objects.get()
    assert entry.done_at is not None
    assert entry.person_id is None


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_an_erased_person_stays_barred_when_the_destruction_is_finished(person_id: UUID) -> None:
    seal.destroy_keys(person_id=person_id)
    jobs.finish_destructions()

    assert Destruction.objects.get().done_at is not None
    with pytest.raises(PersonErased):
        sealed_for(person_id)


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_destruction_cut_off_before_its_end_is_finished_by_the_job(person_id: UUID) -> None:
    cut_off = Destruction.objects.create(person_id=person_id, data_class=CONTENT)

    jobs.finish_destructions()

    cut_off.refresh_from_db()
    assert cut_off.done_at is not None
    assert cut_off.person_id is None


def test_a_key_row_that_comes_back_from_a_backup_stays_dead(person_id: UUID) -> None:
    sealed = sealed_for(person_id)
    row = ClassKey.objects.get(person_id=person_id)
    seal.destroy_keys(person_id=person_id, data_class=CONTENT)

    row.save(force_insert=True)

    with pytest.raises(CannotOpen):
        opened_for(person_id, sealed)
    again = sealed_for(person_id)
    assert opened_for(person_id, again) == b"bonjour"
    assert again[1:17] != sealed[1:17]


def test_a_key_is_remembered_for_five_seconds_at_most(
    person_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = sealed_for(person_id)
    # As if another process had destroyed it: this one still has it in memory.
    ClassKey.objects.filter(person_id=person_id).delete()
    assert opened_for(person_id, sealed) == b"bonjour"

    later_s = clock.monotonic_s() + keys.CACHED_S
    monkeypatch.setattr(clock, "monotonic_s", lambda: later_s)

    with pytest.raises(CannotOpen):
        opened_for(person_id, sealed)


def test_memory_holds_a_bounded_number_of_keys(
    person_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "CACHED_MAX", 3)

    for _ in range(5):
        sealed_for(new_id())

    assert len(keys._cache._entries) == len(keys._cache._current) == 3


def test_a_second_root_key_is_refused_instead_of_hiding_the_loss_of_the_first(
    person_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = sealed_for(person_id)
    keys.forget_cached()
    monkeypatch.setattr(keys, "root_key", lambda: b"another root key of 32 bytes....")

    with pytest.raises(WrongRootKey):
        opened_for(person_id, sealed)
    with pytest.raises(WrongRootKey):
        sealed_for(new_id())

    monkeypatch.undo()
    assert opened_for(person_id, sealed) == b"bonjour"
    assert len(root_key.root_key()) == 32


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_key_outlives_the_rollback_of_the_data_it_was_made_for(person_id: UUID) -> None:
    with transaction.atomic():
        sealed_for(person_id)
        transaction.set_rollback(True)

    assert ClassKey.objects.filter(person_id=person_id).exists()


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_a_key_is_never_made_inside_a_transaction_of_the_vault_that_could_be_undone(
    person_id: UUID,
) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(using="vault"):
        sealed_for(person_id)


def test_an_unknown_key_id_looks_like_any_other_refusal(person_id: UUID) -> None:
    sealed = sealed_for(person_id)
    foreign = sealed[:1] + uuid4().bytes + sealed[17:]

    with pytest.raises(CannotOpen) as unknown:
        opened_for(person_id, foreign)
    with pytest.raises(CannotOpen) as altered:
        opened_for(person_id, sealed[:-1] + bytes([sealed[-1] ^ 1]))

    assert str(unknown.value) == str(altered.value)
