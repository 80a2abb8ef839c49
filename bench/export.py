"""How long the archive of a large account takes, and what memory it needs.

    python -m bench export [MESSAGES MEDIA_MB]

One process fills an account, 50,000 messages and 2 GB of media unless told otherwise; another one,
which has not held any of it, makes each kind of archive. Memory is that process's peak, beside
what it took before it began. The number of queries shows whether any of them comes per row.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench import databases
from bench.figures import table

MESSAGES = 50_000
MEDIA_MB = 2_000
_FILE_BYTES = 2_000_000
_TALK_MESSAGES = 100
_BATCH = 1_000
_TEXT = "Quenelles are poached in barely trembling stock, ten minutes, and then gratinated. " * 10
_CHILD = "bench.export"


def run(sizes: Sequence[str] = ()) -> None:
    """Fill, export, and print one table. `sizes` are messages and megabytes of media."""
    messages, media_mb = (int(size) for size in sizes) if sizes else (MESSAGES, MEDIA_MB)
    rows = []
    with databases.sqlite() as environment:
        person_id = _child(environment, "fill", str(messages), str(media_mb))["person_id"]
        for kind in ("portable", "access"):
            facts = _child(environment, "make", person_id, kind)
            rows.append(
                (
                    kind,
                    f"{messages:,}",
                    f"{media_mb:,}",
                    f"{facts['size_bytes'] / 1e6:,.0f}",
                    f"{facts['seconds']:.1f}",
                    f"{facts['queries']:,}",
                    f"{facts['began_mb']:.0f}",
                    f"{facts['peak_mb']:.0f}",
                )
            )
    head = ("archive", "messages", "media MB", "ZIP MB", "seconds", "queries", "MB before", "peak")
    table("The archive of a large account", head, rows)


def _child(environment: Mapping[str, str], *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", _CHILD, *words],
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


def _fill(messages: int, media_mb: int) -> dict[str, str]:
    from django.core.management import call_command

    from bluegpt.accounts.services import people

    for database in ("default", "vault"):
        call_command("migrate", database=database, verbosity=0)
    person = people.create_person(email="ada@example.org", password="Correct-horse-9-battery")
    questions = []
    for number in range(0, messages, _TALK_MESSAGES):
        questions.append(_talk(person.id, min(_TALK_MESSAGES, messages - number)))
    _attach(person.id, questions, media_mb * 1_000_000 // _FILE_BYTES)
    return {"person_id": str(person.id)}


def _talk(person_id: Any, count: int) -> Any:
    """A conversation of a long branch; the id of its first question."""
    from bluegpt.core import clock
    from bluegpt.core.ids import new_id
    from bluegpt.studio.models import Conversation, Message
    from bluegpt.studio.services.sealing import seal_text

    talk_id, now = new_id(), clock.now()
    Conversation.objects.create(
        id=talk_id,
        person_id=person_id,
        title_sealed=seal_text(
            "Quenelles", person_id=person_id, place="conversation.title", row_id=talk_id
        ),
        model_key="sandbox/writer",
        created_at=now,
        last_message_at=now,
    )
    rows: list[Message] = []
    for number in range(count):
        row_id = new_id()
        rows.append(
            Message(
                id=row_id,
                person_id=person_id,
                conversation_id=talk_id,
                parent_id=rows[-1].id if rows else None,
                role="assistant" if number % 2 else "user",
                text_sealed=seal_text(
                    _TEXT, person_id=person_id, place="message.text", row_id=row_id
                ),
                created_at=now,
            )
        )
    Message.objects.bulk_create(rows, batch_size=_BATCH)
    Conversation.objects.filter(id=talk_id).update(leaf_id=rows[-1].id)
    return rows[0].id


def _attach(person_id: Any, questions: Sequence[Any], count: int) -> None:
    from asgiref.sync import async_to_sync

    from bluegpt.core import clock
    from bluegpt.core.ids import new_id
    from bluegpt.core.personal_data import DataClass
    from bluegpt.studio.models import Attachment
    from bluegpt.studio.queries.opened import context
    from bluegpt.studio.services.sealing import seal_text
    from bluegpt.vault.services import files

    put = async_to_sync(files.put)
    for number in range(count):
        row_id = new_id()
        key = put(
            os.urandom(_FILE_BYTES),
            person_id=person_id,
            data_class=DataClass.CONTENT,
            context=context("attachment.file", row_id),
        )
        Attachment.objects.create(
            id=row_id,
            person_id=person_id,
            message_id=questions[number % len(questions)],
            name_sealed=seal_text(
                f"{number}.png", person_id=person_id, place="attachment.name", row_id=row_id
            ),
            media_type="image/png",
            size_bytes=_FILE_BYTES,
            file_key=key,
            created_at=clock.now(),
        )


def _make(person_id: str, kind: str) -> dict[str, float]:
    from uuid import UUID

    from django.db import connection

    from bluegpt.privacy.models import Archive
    from bluegpt.privacy.services import archives
    from bluegpt.privacy.types.archives import ArchiveKind

    counted = [0]

    def count(execute: Any, *told: Any) -> Any:
        counted[0] += 1
        return execute(*told)

    archive_id = archives.ask(person_id=UUID(person_id), kind=ArchiveKind(kind), language="en")
    began_mb = _peak_mb()
    began = time.monotonic()
    with connection.execute_wrapper(count):
        archives.make(archive_id)
    seconds = time.monotonic() - began
    peak_mb = _peak_mb()
    size_bytes = Archive.objects.get(id=archive_id).size_bytes
    archives.cancel(person_id=UUID(person_id))
    return {
        "seconds": seconds,
        "queries": counted[0],
        "began_mb": began_mb,
        "peak_mb": peak_mb,
        "size_bytes": size_bytes,
    }


def _peak_mb() -> float:
    """The most memory that this process has held at once; Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def _main(words: Sequence[str]) -> None:
    from bluegpt.core.settings import use_django

    use_django()
    import django

    django.setup()
    if words[0] == "fill":
        facts: Mapping[str, object] = _fill(int(words[1]), int(words[2]))
    else:
        facts = _make(words[1], words[2])
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
