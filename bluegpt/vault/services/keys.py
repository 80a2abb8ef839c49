"""Class keys: made at first use, kept in memory for seconds, destroyed for good.

Order of writes: a key is committed in the vault before anything is sealed with it. The vault never
waits for another database inside its own transaction, so a caller may hold one open.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.models import QuerySet

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.vault.adapters.root_key import root_key
from bluegpt.vault.errors import CannotOpen, PersonErased, WrongRootKey
from bluegpt.vault.models import ClassKey, Destruction, Tombstone
from bluegpt.vault.rules import envelope
from bluegpt.vault.rules.envelope import Key
from bluegpt.vault.services import journal

VAULT = "vault"
CACHED_S = 5.0
CACHED_MAX = 4_096

Owner = tuple[UUID, str]


class _Cache:
    """Open keys for at most five seconds: the time in which another process may still use a key
    that this one has destroyed. Bounded; the key used longest ago goes first."""

    def __init__(self) -> None:
        self._entries: OrderedDict[UUID, tuple[Key, Owner, float]] = OrderedDict()
        self._current: dict[Owner, UUID] = {}
        self._lock = threading.Lock()
        self.generation = 0

    def by_id(self, key_id: UUID, owner: Owner) -> Key | None:
        with self._lock:
            return self._fresh(key_id, owner)

    def current(self, owner: Owner) -> Key | None:
        with self._lock:
            key_id = self._current.get(owner)
            return None if key_id is None else self._fresh(key_id, owner)

    def keep(self, key: Key, owner: Owner, *, generation: int) -> None:
        """Remember a key, unless keys were destroyed since it was read."""
        with self._lock:
            if generation != self.generation:
                return
            self._entries[key.id] = (key, owner, clock.monotonic_s())
            self._entries.move_to_end(key.id)
            self._current[owner] = key.id
            while len(self._entries) > CACHED_MAX:
                self._drop(next(iter(self._entries)))

    def forget_person(self, person_id: UUID) -> None:
        with self._lock:
            self.generation += 1
            for key_id, (_key, owner, _kept_s) in list(self._entries.items()):
                if owner[0] == person_id:
                    self._drop(key_id)

    def clear(self) -> None:
        with self._lock:
            self.generation += 1
            self._entries.clear()
            self._current.clear()

    def _fresh(self, key_id: UUID, owner: Owner) -> Key | None:
        entry = self._entries.get(key_id)
        if entry is None:
            return None
        key, owned_by, kept_s = entry
        if clock.monotonic_s() - kept_s >= CACHED_S:
            self._drop(key_id)
            return None
        if owned_by != owner:
            return None
        self._entries.move_to_end(key_id)
        return key

    def _drop(self, key_id: UUID) -> None:
        _key, owner, _kept_s = self._entries.pop(key_id)
        if self._current.get(owner) == key_id:
            del self._current[owner]


_cache = _Cache()


def key_for_sealing(*, person_id: UUID, data_class: DataClass) -> Key:
    """The person's key of this class, made and committed when there is none.

    Raises PersonErased after the destruction of all their keys, WrongRootKey.
    """
    owner = (person_id, data_class.value)
    cached = _cache.current(owner)
    if cached is not None:
        return cached
    generation = _cache.generation
    row = _living(person_id, data_class).first() or _made(person_id, data_class)
    key = _opened(row)
    _cache.keep(key, owner, generation=generation)
    return key


def key_for_opening(key_id: UUID, *, person_id: UUID, data_class: DataClass) -> Key:
    """The key an object names, if it is this person's, of this class, and alive.

    Raises CannotOpen, WrongRootKey.
    """
    owner = (person_id, data_class.value)
    cached = _cache.by_id(key_id, owner)
    if cached is not None:
        return cached
    generation = _cache.generation
    row = _living(person_id, data_class).filter(id=key_id).first()
    if row is None:
        raise CannotOpen
    key = _opened(row)
    _cache.keep(key, owner, generation=generation)
    return key


def destroy(*, person_id: UUID, data_class: DataClass | None) -> int:
    """End the keys of one class, or of all; returns how many there were.

    One transaction writes the journals and the tombstones, and deletes. What the database keeps of
    the deleted rows is overwritten by `finish_destructions`. The data keeps a copy of the notes,
    so that a vault that is put back to an older state has to end these keys again.
    """
    with transaction.atomic(using=VAULT, durable=True):
        _lock_person(person_id)
        doomed = ClassKey.objects.filter(person_id=person_id)
        if data_class is not None:
            doomed = doomed.filter(data_class=data_class)
        key_ids = list(doomed.values_list("id", flat=True))
        Tombstone.objects.bulk_create(
            [Tombstone(key_id=key_id) for key_id in key_ids], ignore_conflicts=True
        )
        ClassKey.objects.filter(id__in=key_ids).delete()
        Destruction.objects.create(
            person_id=person_id, data_class=data_class or "", keys_destroyed=len(key_ids)
        )
        notes = journal.enter(journal.KEY, map(str, key_ids))
        if data_class is None:
            notes += journal.enter(journal.PERSON, [str(person_id)])
    _cache.forget_person(person_id)
    journal.copy(notes)
    if connections[VAULT].vendor == "sqlite":  # secure_delete has overwritten them already
        finish_destructions()
    return len(key_ids)


def end_again(*, key_id: UUID) -> None:
    """End a key that an older state of the vault has brought back, inside a transaction of it."""
    Tombstone.objects.bulk_create([Tombstone(key_id=key_id)], ignore_conflicts=True)
    ClassKey.objects.filter(id=key_id).delete()
    _cache.clear()


def bar_again(*, person_id: UUID) -> None:
    """Bar a person from keys, and end those that came back, inside a transaction of the vault."""
    keys_back = ClassKey.objects.filter(person_id=person_id)
    for key_id in list(keys_back.values_list("id", flat=True)):
        end_again(key_id=key_id)
    if not Destruction.objects.filter(person_id=person_id, data_class="").exists():
        Destruction.objects.create(person_id=person_id)


def finish_destructions() -> int:
    """Overwrite what is left of destroyed keys and close the journal; returns how many entries.

    Repeatable. One vacuum serves all entries, which is why PostgreSQL leaves this to a job. An
    entry of one class forgets its person; an erasure of all classes has to be remembered by name.
    """
    unfinished = Destruction.objects.filter(done_at=None)
    entries = list(unfinished.values_list("id", flat=True))
    if not entries:
        return 0
    connection = connections[VAULT]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Without truncation, which would wait for every reader of the table.
            cursor.execute(f'VACUUM (TRUNCATE off) "{ClassKey._meta.db_table}"')
    finished = unfinished.filter(id__in=entries)
    finished.exclude(data_class="").update(person_id=None)
    return finished.update(done_at=clock.now())


def living(*, person_id: UUID, data_classes: Iterable[DataClass]) -> int:
    """How many keys of these classes the person has, in the vault itself and not in memory."""
    rows = ClassKey.objects.filter(person_id=person_id, data_class__in=list(data_classes))
    return rows.exclude(id__in=Tombstone.objects.values("key_id")).count()


def kept_for(person_ids: Iterable[UUID]) -> tuple[tuple[UUID, DataClass], ...]:
    """Which of these people have a key of which class. One query."""
    rows = ClassKey.objects.filter(person_id__in=list(person_ids))
    pairs = rows.values_list("person_id", "data_class")
    return tuple((person_id, DataClass(data_class)) for person_id, data_class in pairs)


def forget_cached() -> None:
    """Drop every key from this process's memory."""
    _cache.clear()


def _living(person_id: UUID, data_class: DataClass) -> QuerySet[ClassKey]:
    """The owner's key rows, but for any that a restored backup has brought back from the dead."""
    rows = ClassKey.objects.filter(person_id=person_id, data_class=data_class)
    return rows.exclude(id__in=Tombstone.objects.values("key_id"))


def _made(person_id: UUID, data_class: DataClass) -> ClassKey:
    """The key's row, committed. Of several first users at once, one makes it, the rest read it."""
    root = root_key()
    with transaction.atomic(using=VAULT, durable=True):
        _lock_person(person_id)
        if Destruction.objects.filter(person_id=person_id, data_class="").exists():
            raise PersonErased
        row = _living(person_id, data_class).first()
        if row is None:
            _check_root(root)
            ClassKey.objects.filter(person_id=person_id, data_class=data_class).delete()
            key = Key(uuid4(), os.urandom(envelope.KEY_BYTES))
            row = ClassKey.objects.create(
                id=key.id,
                person_id=person_id,
                data_class=data_class,
                wrapped=envelope.wrap(
                    key,
                    root=root,
                    nonce=os.urandom(envelope.NONCE_BYTES),
                    person_id=person_id,
                    data_class=data_class,
                ),
                root_id=envelope.root_id(root),
            )
    return row


def _opened(row: ClassKey) -> Key:
    root = root_key()
    if row.root_id != envelope.root_id(root):
        raise WrongRootKey
    return envelope.unwrap(
        bytes(row.wrapped),
        key_id=row.id,
        root=root,
        person_id=row.person_id,
        data_class=row.data_class,
    )


def _check_root(root: bytes) -> None:
    """Refuse to go on under a second root key: it would hide that the first one is missing."""
    other = ClassKey.objects.first()
    if other is not None and other.root_id != envelope.root_id(root):
        raise WrongRootKey


def _lock_person(person_id: UUID) -> None:
    """One writer per person's keys. SQLite has one writer anyway."""
    connection = connections[VAULT]
    if connection.vendor == "postgresql":
        number = int.from_bytes(person_id.bytes[-8:], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
