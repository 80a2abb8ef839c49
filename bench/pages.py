"""Server time of the conversation list and of a long conversation, as the database grows."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from bench.figures import percentile, table
from bench.installation import data_folder

SIZES = (100, 10_000, 100_000)
LONG_MESSAGES = 1_000
_REQUESTS = 60


def run() -> None:
    """One process per size, so that no cache of the one helps the other."""
    rows = []
    for size in SIZES:
        with data_folder() as folder:
            done = subprocess.run(
                [sys.executable, "-m", "bench.pages", str(size)],
                env={**os.environ, "BLUEGPT_DATA_DIR": str(folder), "BLUEGPT_ENV": "test"},
                capture_output=True,
                text=True,
                check=True,
            )
        rows.append([f"{size:,}", *done.stdout.split()])
    table(
        f"Server time of a page (SQLite, {_REQUESTS} requests each, middleware included)",
        ["messages", "list p50 ms", "p95", "queries", "conversation p50 ms", "p95", "queries"],
        rows,
    )


def measure(messages: int) -> None:
    """Fill a database and print p50, p95 and the number of queries of both pages."""
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
    long_one = _fill(person.id, messages)
    client = Client()
    client.force_login(person)
    for path in ("/conversations", f"/conversations/{long_one}"):
        print(*timed(client, path))


def timed(client, path: str) -> tuple[str, str, str]:  # type: ignore[no-untyped-def]
    """p50 and p95 in milliseconds, and the number of queries, of a page asked for in-process."""
    assert client.get(path).status_code == 200
    with _queries() as statements:
        client.get(path)
    spans = []
    for _request in range(_REQUESTS):
        started = time.perf_counter()
        response = client.get(path)
        spans.append((time.perf_counter() - started) * 1_000)
        assert response.status_code == 200
    return f"{percentile(spans, 0.5):.1f}", f"{percentile(spans, 0.95):.1f}", str(len(statements))


@contextmanager
def _queries() -> Iterator[list[str]]:
    """The statements of every thread: a page asks the database from several."""
    from django.db.backends.utils import CursorWrapper

    statements: list[str] = []
    execute = CursorWrapper.execute

    def counting(self, sql, params=None):  # type: ignore[no-untyped-def]
        statements.append(sql)
        return execute(self, sql, params)

    CursorWrapper.execute = counting  # type: ignore[method-assign]
    try:
        yield statements
    finally:
        CursorWrapper.execute = execute  # type: ignore[method-assign]


def _fill(person_id: UUID, messages: int) -> UUID:
    """Conversations of 20 messages up to the size, and one of LONG_MESSAGES on top."""
    for _number in range(messages // 20):
        _conversation(person_id, 20)
    return _conversation(person_id, LONG_MESSAGES)


def _conversation(person_id: UUID, length: int) -> UUID:
    from bluegpt.core import clock
    from bluegpt.core.ids import new_id
    from bluegpt.providers.types.turns import Role
    from bluegpt.studio.models import Call, Conversation, Message
    from bluegpt.studio.services.sealing import seal_text

    def sealed(place: str, row_id: UUID, text: str) -> bytes:
        return seal_text(text, person_id=person_id, place=place, row_id=row_id)

    now = clock.now()
    conversation_id = new_id()
    calls, rows = [], []
    parent: UUID | None = None
    for number in range(length):
        message_id = new_id()
        is_answer = number % 2 == 1
        if is_answer:
            calls.append(_call(Call, person_id, now))
        rows.append(
            Message(
                id=message_id,
                person_id=person_id,
                conversation_id=conversation_id,
                parent_id=parent,
                role=Role.ASSISTANT if is_answer else Role.USER,
                text_sealed=sealed("message.text", message_id, "A sentence of some length. " * 30),
                call_id=calls[-1].id if is_answer else None,
                created_at=now + timedelta(milliseconds=number),
            )
        )
        parent = message_id
    Conversation.objects.create(
        id=conversation_id,
        person_id=person_id,
        title_sealed=sealed("conversation.title", conversation_id, "On sentences"),
        model_key="sandbox/writer",
        leaf_id=parent,
        created_at=now,
        last_message_at=now,
    )
    Call.objects.bulk_create(calls)
    Message.objects.bulk_create(rows)
    return conversation_id


def _call(call_model, person_id: UUID, now):  # type: ignore[no-untyped-def]
    from bluegpt.core.ids import new_id

    return call_model(
        id=new_id(),
        person_id=person_id,
        state="complete",
        model_key="sandbox/writer",
        model_name="Writer",
        recipient="sandbox",
        sku="sandbox/writer",
        input_tokens=100,
        output_tokens=200,
        ceiling_microcredits=1_000,
        charged_microcredits=500,
        created_at=now,
        lease_until=now,
    )


if __name__ == "__main__":
    measure(int(sys.argv[1]))
