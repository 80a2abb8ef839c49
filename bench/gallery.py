"""Server time of the gallery's pages as it grows, on SQLite and PostgreSQL.

    python -m bench gallery

Middleware, queries, opened prompts and the whole template are in it; thumbnails are not, which a
browser asks for one by one and keeps. The goal is a first page of 10,000 works within 150 ms for 95
of 100 requests. A search for words that no prompt holds opens and reads every one of them.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from uuid import UUID

from bench import databases
from bench.figures import table
from bench.pages import timed

SIZES = (100, 1_000, 10_000)
GOAL_MS = 150
_OF_A_WISH = 4  # pictures
_WISHES_AT_ONCE = 250
_PAGES = ("first page", "from the middle", "an album", "favourites", "words of none")
_PROMPT = "A heron by the lake at dawn, mist over the reeds, in the manner of a woodcut. " * 4

_Opening = Callable[[], AbstractContextManager[databases.Environment]]


def run() -> None:
    """Measure each size in a process and a database of its own; a table per kind of database."""
    _measured("SQLite", databases.sqlite)
    if databases.has_postgres():
        _measured("PostgreSQL", databases.postgres)
    else:
        print(f"\nPostgreSQL does not answer at {databases.POSTGRES}: left out")


def _measured(name: str, opening: _Opening) -> None:
    figures = {}
    for size in SIZES:
        with opening() as environment:
            figures[size] = _of_a_child(size, environment)
    rows = []
    for number, page in enumerate(_PAGES):
        first_p95 = float(figures[SIZES[0]][number][1])
        for size in SIZES:
            p50, p95, queries = figures[size][number]
            rows.append([page, f"{size:,}", p50, p95, queries, f"{float(p95) / first_p95:.1f}"])
    head = ["page", "works", "p50 ms", "p95 ms", "queries", f"x of {SIZES[0]}"]
    table(f"Server time of the gallery ({name}, middleware included)", head, rows)
    share = float(figures[SIZES[-1]][0][1]) / GOAL_MS
    print(f"  the first page of {SIZES[-1]:,} works takes {share:.0%} of the goal of {GOAL_MS} ms")


def _of_a_child(size: int, environment: Mapping[str, str]) -> list[list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.gallery", str(size)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split() for line in done.stdout.splitlines()]


def measure(works: int) -> None:
    """Fill a gallery and print p50, p95 and the number of queries of each of its pages."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluegpt.config.settings")
    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from bluegpt.accounts.services.people import create_person
    from bluegpt.providers.services.catalogue import load_packaged
    from bluegpt.studio.services.pricing import publish

    load_packaged()
    publish()
    person = create_person(email="bench@example.org", password="Correct-horse-9-battery")
    ids = _fill(person.id, works)
    album_id = _album(person.id, ids[::5])
    client = Client()
    client.force_login(person)
    for query in (
        "",
        f"?cursor={ids[len(ids) // 2]}",
        f"?album={album_id}",
        "?favourites=yes",
        "?words=nightingale",
    ):
        print(*timed(client, f"/gallery{query}"))


def _fill(person_id: UUID, works: int) -> list[UUID]:
    """Wishes of four pictures each, every seventh picture a favourite; their ids, oldest first."""
    ids: list[UUID] = []
    wishes = works // _OF_A_WISH
    for start in range(0, wishes, _WISHES_AT_ONCE):
        ids += _some(person_id, min(_WISHES_AT_ONCE, wishes - start))
    return ids


def _some(person_id: UUID, wishes: int) -> list[UUID]:
    from bluegpt.core import clock
    from bluegpt.core.ids import new_id
    from bluegpt.studio.models import Asset, Call, Creation
    from bluegpt.studio.services.sealing import seal_text
    from bluegpt.vault.services import files

    now = clock.now()
    calls, creations = [], []
    assets: list[Asset] = []
    for _wish in range(wishes):
        calls.append(_call(person_id))
        creation_id = new_id()
        creations.append(
            Creation(
                id=creation_id,
                person_id=person_id,
                call_id=calls[-1].id,
                kind="picture",
                prompt_sealed=seal_text(
                    _PROMPT, person_id=person_id, place="creation.prompt", row_id=creation_id
                ),
                settings={"size": "1024x1024", "number": _OF_A_WISH},
                created_at=now,
            )
        )
        assets += [
            Asset(
                id=new_id(),
                person_id=person_id,
                creation_id=creation_id,
                kind="picture",
                origin="made",
                place=place,
                media_type="image/png",
                size_bytes=1_500_000,
                width_px=1_024,
                height_px=1_024,
                file_key=files.new_key(),
                thumbnail_key=files.new_key(),
                favourite_at=now if len(assets) % 7 == 0 else None,
                created_at=now,
            )
            for place in range(_OF_A_WISH)
        ]
    Call.objects.bulk_create(calls)
    Creation.objects.bulk_create(creations)
    Asset.objects.bulk_create(assets)
    return [row.id for row in assets]


def _call(person_id: UUID):  # type: ignore[no-untyped-def]
    from bluegpt.core import clock
    from bluegpt.core.ids import new_id
    from bluegpt.studio.models import Call

    now = clock.now()
    return Call(
        id=new_id(),
        person_id=person_id,
        state="complete",
        model_key="sandbox/painter",
        model_name="Painter",
        recipient="sandbox",
        sku="sandbox/painter",
        ceiling_microcredits=1_000,
        charged_microcredits=500,
        created_at=now,
        lease_until=now,
    )


def _album(person_id: UUID, asset_ids: list[UUID]) -> UUID:
    from bluegpt.studio.services import gallery

    album_id = gallery.create_album(person_id=person_id, name="Herons")
    gallery.put_in_album(person_id=person_id, album_id=album_id, asset_ids=asset_ids)
    return album_id


if __name__ == "__main__":
    measure(int(sys.argv[1]))
