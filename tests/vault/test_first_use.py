"""Many first uses at once make one key; two databases never wait for each other."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections, transaction

from bluegpt.core.ids import new_id
from bluegpt.core.jobs import enqueue
from bluegpt.core.personal_data import DataClass
from bluegpt.vault.errors import PersonErased
from bluegpt.vault.models import ClassKey
from bluegpt.vault.services import seal
from tests import warm

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]

CONTENT = DataClass.CONTENT
_SEAL = """
import sys
from uuid import UUID
import django
from django.db import connections
django.setup()
connections["vault"].settings_dict["NAME"] = sys.argv[1]
from bluegpt.core.personal_data import DataClass
from bluegpt.vault.services import seal
sys.stdin.read(1)
sealed = seal.seal(
    b"bonjour", person_id=UUID(sys.argv[2]), data_class=DataClass.CONTENT, context="c"
)
print(sealed.hex())
"""


def test_threads_that_seal_first_at_the_same_time_share_one_key(person_id: UUID) -> None:
    start = threading.Barrier(8)

    def first_use(_number: int) -> bytes:
        start.wait()
        try:
            return seal.seal(b"bonjour", person_id=person_id, data_class=CONTENT, context="c")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(first_use, range(8)))

    assert ClassKey.objects.filter(person_id=person_id).count() == 1
    assert {value[1:17] for value in sealed} == {ClassKey.objects.get(person_id=person_id).id.bytes}


def test_processes_that_seal_first_at_the_same_time_share_one_key(person_id: UUID) -> None:
    database = str(connections["vault"].settings_dict["NAME"])
    connections.close_all()
    command = [sys.executable, "-c", _SEAL, database, str(person_id)]
    processes = [
        warm.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ)
        for _ in range(3)
    ]

    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b".")
        process.stdin.flush()
    sealed = [bytes.fromhex(process.communicate(timeout=60)[0].decode()) for process in processes]

    assert ClassKey.objects.filter(person_id=person_id).count() == 1
    opened = seal.open_many(
        [(value, "c") for value in sealed], person_id=person_id, data_class=CONTENT
    )
    assert list(opened) == [b"bonjour"] * 3


def test_sealing_inside_open_transactions_of_the_other_database_never_deadlocks() -> None:
    start = threading.Barrier(4)

    def write_and_seal(_number: int) -> int:
        start.wait()
        done = 0
        try:
            for _ in range(10):
                person_id = new_id()
                with transaction.atomic():  # holds the write lock of the default database
                    enqueue("core.forget_failed_jobs", {})
                    seal.seal(b"bonjour", person_id=person_id, data_class=CONTENT, context="c")
                seal.destroy_keys(person_id=person_id)
                done += 1
            return done
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(write_and_seal, range(4)))

    assert done == [10, 10, 10, 10]


def test_a_destruction_beside_a_first_use_leaves_no_key_behind() -> None:
    """Whoever is first: either the key was made and destroyed, or it was never made."""
    for _ in range(10):
        person_id = new_id()
        start = threading.Barrier(2)

        def first_use(person_id: UUID = person_id, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                seal.seal(b"bonjour", person_id=person_id, data_class=CONTENT, context="c")
            except PersonErased:
                return
            finally:
                connections.close_all()

        thread = threading.Thread(target=first_use)
        thread.start()
        start.wait()
        seal.destroy_keys(person_id=person_id)
        thread.join()

        assert not ClassKey.objects.filter(person_id=person_id).exists()
