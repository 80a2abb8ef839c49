"""A long file to one reader: what sealing costs over the same file in the clear, and the memory.

    python -m bench media            500 MB, five downloads each, by turns
    python -m bench media 50

Two servers on one data folder send the same bytes by the same view. One reads the sealed file;
the other has the reading replaced by one of a plain file, in stretches of the same length. The
reader is on the same machine and throws away what it gets.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

import aiohttp

from bench.figures import table
from bench.installation import EMAIL, PASSWORD, command, cpu_s, data_folder, process

MEGABYTES = 500
_DOWNLOADS = 5
_CHILD = "bench.media"
_PLAIN = "plain.bin"
_STRETCH_BYTES = 1 << 20


def run(words: list[str] | None = None) -> None:
    """Fill a folder, serve it twice, download by turns, and print one table."""
    megabytes = int(words[0]) if words else MEGABYTES
    with data_folder() as folder:
        command(folder, "user", "create", EMAIL, "--password-stdin", typed=PASSWORD + "\n")
        done = subprocess.run(
            [sys.executable, "-m", _CHILD, "fill", str(folder), str(megabytes)],
            check=True,
            capture_output=True,
            text=True,
        )
        facts = json.loads(done.stdout.splitlines()[-1])
        serve = ["bluegpt.ops.cli", "serve", "--port", "0", "--data", str(folder)]
        plain = [_CHILD, "plain", str(folder)]
        with process(serve) as sealed_server, process(plain) as plain_server:
            servers = {"sealed": sealed_server, "in the clear": plain_server}
            asyncio.run(_measure(servers, facts, megabytes))


async def _measure(
    servers: dict[str, tuple[int, str]], facts: dict[str, str], megabytes: int
) -> None:
    spans: dict[str, list[float]] = {name: [] for name in servers}
    used: dict[str, float] = dict.fromkeys(servers, 0.0)
    before = {name: _memory_mb(pid) for name, (pid, _url) in servers.items()}
    cookies = {"sessionid": facts["session"]}
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name
    async with aiohttp.ClientSession(cookies=cookies, cookie_jar=jar) as session:
        for number in range(_DOWNLOADS + 1):  # the first warms both
            for name, (pid, url) in servers.items():
                started_s, cpu_before_s = time.monotonic(), cpu_s(pid)
                await _download(session, f"{url}/files/{facts['id']}", megabytes)
                if number:
                    spans[name].append(time.monotonic() - started_s)
                    used[name] += cpu_s(pid) - cpu_before_s
    clear_s = median(spans["in the clear"])
    table(
        f"A file of {megabytes} MB to one reader, {_DOWNLOADS} times, medians",
        ["file", "seconds", "ratio", "MB/s", "server CPU s", "memory added at most MB"],
        [
            [
                name,
                f"{median(seen):.2f}",
                f"{median(seen) / clear_s:.2f}",
                f"{megabytes / median(seen):,.0f}",
                f"{used[name] / _DOWNLOADS:.2f}",
                f"{_memory_mb(servers[name][0], 'VmHWM') - before[name]:.0f}",
            ]
            for name, seen in spans.items()
        ],
    )


async def _download(session: aiohttp.ClientSession, address: str, megabytes: int) -> None:
    count = 0
    async with session.get(address) as response:
        assert response.status == 200, response.status
        async for chunk in response.content.iter_chunked(_STRETCH_BYTES):
            count += len(chunk)
    assert count == megabytes * 1_000_000


def _memory_mb(pid: int, line: str = "VmRSS") -> float:
    """What a process holds, or has held at most (VmHWM), of memory."""
    for each in Path(f"/proc/{pid}/status").read_text().splitlines():
        if each.startswith(f"{line}:"):
            return int(each.split()[1]) / 1_024
    raise RuntimeError(f"no {line} of {pid}")


def _fill(folder: Path, megabytes: int) -> dict[str, str]:
    """One sealed file with its row, the same in the clear, and a session of its owner."""
    from asgiref.sync import async_to_sync
    from django.contrib import auth
    from django.contrib.sessions.backends.db import SessionStore

    from bluegpt.accounts.models import Person
    from bluegpt.core.ids import new_id
    from bluegpt.core.personal_data import DataClass
    from bluegpt.studio.queries.opened import context
    from bluegpt.vault.services import streams
    from bluegpt.vault.services.streams import Place

    person = Person.objects.get(email=EMAIL)
    attachment_id = new_id()
    block = os.urandom(1_000_000)

    async def chunks() -> AsyncIterator[bytes]:
        for _number in range(megabytes):
            yield block

    place = Place(
        person_id=person.pk,
        data_class=DataClass.CONTENT,
        context=context("attachment.file", attachment_id),
    )
    key, size_bytes = async_to_sync(streams.put)(chunks(), place=place)
    with (folder / _PLAIN).open("wb") as file:
        file.writelines(block for _number in range(megabytes))
    _write_rows(person, attachment_id, key, size_bytes)
    session = SessionStore()
    session[auth.SESSION_KEY] = str(person.pk)
    session[auth.BACKEND_SESSION_KEY] = "bluegpt.accounts.adapters.backend.OpenAccountBackend"
    session[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return {"id": str(attachment_id), "session": str(session.session_key)}


def _write_rows(person, attachment_id, key: str, size_bytes: int) -> None:  # type: ignore[no-untyped-def]
    from bluegpt.core import clock
    from bluegpt.core.ids import new_id
    from bluegpt.studio.models import Attachment, Conversation, Message
    from bluegpt.studio.services.sealing import seal_text

    def sealed(place: str, row_id) -> bytes:  # type: ignore[no-untyped-def]
        return seal_text("bench", person_id=person.pk, place=place, row_id=row_id)

    now, conversation_id, message_id = clock.now(), new_id(), new_id()
    Conversation.objects.create(
        id=conversation_id,
        person_id=person.pk,
        title_sealed=sealed("conversation.title", conversation_id),
        model_key="sandbox/writer",
        created_at=now,
        last_message_at=now,
    )
    Message.objects.create(
        id=message_id,
        person_id=person.pk,
        conversation_id=conversation_id,
        role="user",
        text_sealed=sealed("message.text", message_id),
        created_at=now,
    )
    Attachment.objects.create(
        id=attachment_id,
        person_id=person.pk,
        message_id=message_id,
        name_sealed=sealed("attachment.name", attachment_id),
        media_type="application/pdf",
        size_bytes=size_bytes,
        file_key=key,
        created_at=now,
    )


def _serve_plain(folder: Path) -> int:
    """The product's server with the sealed reading replaced, and nothing else."""
    import obstore
    from obstore.store import LocalStore

    from bluegpt.ops import cli
    from bluegpt.vault.services import streams

    store = LocalStore(folder)

    async def read(
        _key: str, *, place: object, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        assert place
        assert stop is not None
        for at in range(start, stop, _STRETCH_BYTES):
            end = min(at + _STRETCH_BYTES, stop)
            yield bytes(await obstore.get_range_async(store, _PLAIN, start=at, end=end))

    streams.read = read  # type: ignore[assignment]
    return cli.main(["serve", "--port", "0", "--data", str(folder)])


if __name__ == "__main__":
    from bluegpt.ops.boot import start_django

    start_django(Path(sys.argv[2]))
    if sys.argv[1] == "fill":
        print(json.dumps(_fill(Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        sys.exit(_serve_plain(Path(sys.argv[2])))
