"""What lies on disk: no content in clear, no key outside its place, nothing of a destroyed key."""

import stat
import time
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, connections

from bluegpt.core.models import Job
from bluegpt.core.personal_data import DataClass
from bluegpt.core.settings import SettingsError
from bluegpt.core.threads import in_thread
from bluegpt.vault.adapters import root_key
from bluegpt.vault.models import ClassKey
from bluegpt.vault.services import files, keys, seal
from tests import canary, on_disk

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

CONTENT = DataClass.CONTENT
SENTENCE = "un héron cendré nommé Barnabé traverse le pont numéro sept"


@pytest.fixture
def data_dir() -> Path:
    path: Path = settings.BLUEGPT.site.data_dir
    return path


async def test_no_byte_below_the_data_folder_tells_what_was_written(
    person_id: UUID, data_dir: Path
) -> None:
    started_at = time.time() - 1
    text = SENTENCE.encode()

    await files.put(text * 100, person_id=person_id, data_class=CONTENT, context="attachment:1")
    await in_thread(_store_sealed, text, person_id)

    assert list((data_dir / "files").rglob("*"))
    assert canary.hits(SENTENCE, below=data_dir, temp_since=started_at) == []


def _store_sealed(text: bytes, person_id: UUID) -> None:
    """Put sealed bytes where a database, its log included, would keep them."""
    sealed = seal.seal(text, person_id=person_id, data_class=CONTENT, context="message:1")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE sealed_message (body BYTEA)")
        cursor.execute("INSERT INTO sealed_message VALUES (%s)", [sealed])
    row = Job(name="core.forget_failed_jobs", payload={"person": str(person_id)}, attempts_max=1)
    row.save()


def test_keys_are_on_disk_only_wrapped_and_the_root_key_only_in_its_file(
    person_id: UUID, data_dir: Path
) -> None:
    seal.seal(b"bonjour", person_id=person_id, data_class=CONTENT, context="c")
    secret = keys.key_for_sealing(person_id=person_id, data_class=CONTENT).secret
    root = root_key.root_key()

    for path in data_dir.rglob("*"):
        if path.is_file():
            data = on_disk.read(path)
            assert secret not in data, path
            assert root not in data or path.name == root_key.NAME, path
    assert stat.S_IMODE((data_dir / root_key.NAME).stat().st_mode) == 0o600


def test_nothing_of_a_destroyed_key_is_left_in_the_vault_file(
    person_id: UUID, data_dir: Path
) -> None:
    seal.seal(b"bonjour", person_id=person_id, data_class=CONTENT, context="c")
    wrapped = bytes(ClassKey.objects.get(person_id=person_id).wrapped)
    if connections["vault"].vendor != "sqlite":
        pytest.skip("the vault is not a file here")
    vault_file = Path(connections["vault"].settings_dict["NAME"])
    assert wrapped in on_disk.read(vault_file)

    seal.destroy_keys(person_id=person_id)

    for path in data_dir.rglob("*"):
        if path.is_file():
            assert wrapped not in on_disk.read(path), path
    assert not vault_file.with_name(f"{vault_file.name}-wal").exists()


def test_a_root_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / root_key.NAME).write_bytes(bytes(32))
    (tmp_path / root_key.NAME).chmod(0o644)

    with pytest.raises(SettingsError, match="chmod 600"):
        root_key._read(tmp_path)


def test_a_root_key_of_the_wrong_size_is_refused(tmp_path: Path) -> None:
    (tmp_path / root_key.NAME).write_bytes(b"short")
    (tmp_path / root_key.NAME).chmod(0o600)

    with pytest.raises(SettingsError, match="32 bytes"):
        root_key._read(tmp_path)
