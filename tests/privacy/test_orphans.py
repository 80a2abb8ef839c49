"""Files that nobody names are removed a day later, and no other file is."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.conf import settings

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass, declared
from bluegpt.privacy.queries.rows import model_of
from bluegpt.privacy.services import orphans
from bluegpt.studio.models import Asset
from bluegpt.vault.services import files, streams
from bluegpt.vault.services.streams import Place
from tests.privacy import canary_person
from tests.privacy.belongings import settle_down
from tests.studio import pictured

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]


def stored(person_id: UUID) -> str:
    return async_to_sync(files.put)(
        b"left behind", person_id=person_id, data_class=DataClass.CONTENT, context="nowhere:1"
    )


def sweep_a_whole_day(*, after: timedelta) -> int:
    """As the job does it, every hour."""
    removed = 0
    for hour in range(24):
        with time_machine.travel(clock.now() + after + timedelta(hours=hour), tick=False):
            removed += orphans.sweep()
    return removed


def is_there(key: str) -> bool:
    return async_to_sync(files.exists)(key)


def test_a_file_that_nobody_names_goes_after_a_day_and_not_before(person_id: UUID) -> None:
    key = stored(person_id)

    with time_machine.travel(clock.now() + timedelta(hours=23), tick=False):
        assert orphans._sweep_folder(key[:2]) == 0
    assert is_there(key)

    assert sweep_a_whole_day(after=timedelta(hours=25)) >= 1
    assert not is_there(key)


def test_every_file_that_any_table_names_stays() -> None:
    heron = canary_person.in_every_table()
    named = [
        (table.model, file.column, key)
        for table in declared()
        for file in table.files
        for key in model_of(table)
        ._base_manager.filter(**{table.person_path: heron.id})
        .values_list(file.column, flat=True)
        if key
    ]

    sweep_a_whole_day(after=timedelta(days=2))

    assert {column for _model, column, _key in named} >= {"file_key", "thumbnail_key", "poster_key"}
    assert [place for *place, key in named if not is_there(key)] == []


def test_what_a_dead_process_had_stored_of_a_picture_goes() -> None:
    row = pictured.asset(settle_down().person.id)
    keys = pictured.file_keys(row)
    Asset.objects.filter(id=row.id)._raw_delete("default")  # the transaction that never was

    sweep_a_whole_day(after=timedelta(days=2))

    assert pictured.are_gone(keys)


def test_half_a_file_goes_too(person_id: UUID) -> None:
    """What a process leaves that is killed while it streams into a folder."""
    key = files.new_key()
    part = Path(settings.BLUEGPT.site.data_dir) / "files" / f"{key}#1"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"half")

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2), tick=False):
        orphans._sweep_folder(key[:2])
    assert part.exists()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=False):
        assert orphans._sweep_folder(key[:2]) >= 1
    assert not part.exists()


def test_a_stream_that_breaks_off_leaves_nothing_to_sweep(person_id: UUID) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield bytes(6_000_000)
        raise ConnectionError

    key = files.new_key()
    place = Place(person_id=person_id, data_class=DataClass.CONTENT, context="nowhere:1")
    with pytest.raises(ConnectionError):
        async_to_sync(streams.put)(breaking(), place=place, key=key)

    folder = Path(settings.BLUEGPT.site.data_dir) / "files" / key[:2]
    assert not list(folder.glob(f"{key[3:]}*"))


def test_a_part_of_the_store_each_hour_is_all_of_it_in_a_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    def look(folder: str) -> int:
        seen.append(folder)
        return 0

    monkeypatch.setattr(orphans, "_sweep_folder", look)
    sweep_a_whole_day(after=timedelta())

    assert sorted(seen) == sorted(files.folders())
    assert len(seen) == 256
