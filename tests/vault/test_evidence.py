"""An erasure that hangs, a key that came back and a file that is still there are noticed."""

from datetime import timedelta
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.vault.models import ClassKey, Destruction, Erasure, Tombstone
from bluegpt.vault.queries import evidence
from bluegpt.vault.services import files, seal
from bluegpt.vault.types import FILE

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

LONG_AGO = timedelta(days=2)


def test_what_was_erased_and_is_gone_is_evidence(person_id: UUID) -> None:
    _erased(files.new_key())

    assert "of the 1 files" in evidence.destructions()


@pytest.mark.parametrize("model", [Destruction, Erasure])
def test_an_erasure_that_hangs_is_noticed(model: type) -> None:
    if model is Destruction:
        Destruction.objects.create(asked_at=clock.now() - LONG_AGO)
    else:
        Erasure.objects.create(
            sequence=1, kind="vault.key", subject="x", noted_at=clock.now() - LONG_AGO
        )

    with pytest.raises(evidence.VaultUnsound, match="within a day"):
        evidence.destructions()


def test_a_destroyed_key_that_is_there_again_is_noticed(person_id: UUID) -> None:
    seal.seal(b"x", person_id=person_id, data_class=DataClass.CONTENT, context="here")
    Tombstone.objects.create(key_id=ClassKey.objects.get(person_id=person_id).id)

    with pytest.raises(evidence.VaultUnsound, match="there again"):
        evidence.destructions()


def test_a_key_of_somebody_who_was_erased_for_good_is_noticed(person_id: UUID) -> None:
    seal.seal(b"x", person_id=person_id, data_class=DataClass.CONTENT, context="here")
    Destruction.objects.create(person_id=person_id, done_at=clock.now())

    with pytest.raises(evidence.VaultUnsound, match="there again"):
        evidence.destructions()


def test_an_erased_file_that_is_there_again_is_noticed(person_id: UUID) -> None:
    key = async_to_sync(files.put)(
        b"x", person_id=person_id, data_class=DataClass.CONTENT, context="here"
    )
    _erased(key)

    with pytest.raises(evidence.VaultUnsound, match="file that was erased"):
        evidence.destructions()


def _erased(key: str) -> None:
    ended = clock.now() - LONG_AGO
    Erasure.objects.create(sequence=1, kind=FILE, subject=key, noted_at=ended, done_at=ended)
