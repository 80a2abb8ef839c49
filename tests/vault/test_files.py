"""Sealed files: in a folder, and in an object store."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import web
from django.conf import settings

from bluegpt.core.personal_data import DataClass
from bluegpt.core.settings import SettingsError
from bluegpt.core.threads import in_thread
from bluegpt.vault.adapters import file_store
from bluegpt.vault.errors import CannotOpen, UnknownFile
from bluegpt.vault.services import files, seal

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]

CONTENT = DataClass.CONTENT
PLACE = "studio.attachment.file:1"


async def stored(data: bytes, person_id: UUID) -> str:
    return await files.put(data, person_id=person_id, data_class=CONTENT, context=PLACE)


async def fetched(key: str, person_id: UUID, context: str = PLACE) -> bytes:
    return await files.get(key, person_id=person_id, data_class=CONTENT, context=context)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 hello", bytes(2_000_000)])
async def test_a_file_comes_back_as_it_was(person_id: UUID, data: bytes) -> None:
    key = await stored(data, person_id)

    assert await fetched(key, person_id) == data


async def test_a_file_lies_sealed_in_the_data_folder_under_a_random_name(person_id: UUID) -> None:
    key = await stored(b"%PDF-1.7 hello", person_id)

    path = Path(settings.BLUEGPT.site.data_dir) / "files" / key
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{46}", key)
    assert b"PDF" not in path.read_bytes()
    assert (path.parent.parent.stat().st_mode & 0o077) == 0


async def test_a_file_opens_only_for_its_owner_and_its_place(person_id: UUID) -> None:
    key = await stored(b"hello", person_id)

    with pytest.raises(CannotOpen):
        await fetched(key, UUID(int=1))
    with pytest.raises(CannotOpen):
        await fetched(key, person_id, "studio.attachment.file:2")


async def test_a_file_of_a_destroyed_key_cannot_be_read(person_id: UUID) -> None:
    key = await stored(b"hello", person_id)

    await in_thread(seal.destroy_keys, person_id=person_id)

    with pytest.raises(CannotOpen):
        await fetched(key, person_id)


async def test_a_deleted_file_is_unknown_and_can_be_deleted_again(person_id: UUID) -> None:
    key = await stored(b"hello", person_id)

    await files.delete(key)
    await files.delete(key)

    with pytest.raises(UnknownFile):
        await fetched(key, person_id)


@pytest.mark.parametrize("key", ["", "../root.key", "root.key", "/etc/passwd", "ab/../../x"])
async def test_a_made_up_key_reaches_nothing(person_id: UUID, key: str) -> None:
    with pytest.raises(UnknownFile):
        await fetched(key, person_id)
    with pytest.raises(UnknownFile):
        await files.delete(key)


@pytest.fixture
async def bucket() -> AsyncIterator[tuple[str, dict[str, bytes]]]:
    """As much of an S3 server as three verbs need; gives its address and what it holds."""
    held: dict[str, bytes] = {}

    async def answer(request: web.Request) -> web.Response:
        if request.method == "PUT":
            held[request.path] = await request.read()
            return web.Response(headers={"ETag": '"1"'})
        if request.method == "POST" and "delete" in request.query:
            names = re.findall(r"<Key>(.*?)</Key>", await request.text())
            for name in names:
                held.pop(f"{request.path.rstrip('/')}/{name}", None)
            deleted = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            reply = f"<DeleteResult>{deleted}</DeleteResult>"
            return web.Response(text=reply, content_type="text/xml")
        if request.path not in held:
            return web.Response(status=404)
        headers = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
        return web.Response(body=held[request.path], headers=headers)

    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}", held
    await runner.cleanup()


async def test_files_can_live_in_an_object_store(
    person_id: UUID,
    bucket: tuple[str, dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    endpoint, held = bucket
    url = (
        f"s3://attachments/sealed?endpoint={endpoint}&region=paris&virtual_hosted_style_request="
        "false&access_key_id=one&secret_access_key=two"
    )
    monkeypatch.setattr(file_store, "_store", lambda: file_store._opened(url, tmp_path))

    key = await stored(b"%PDF-1.7 hello", person_id)

    assert list(held) == [f"/attachments/sealed/{key}"]
    assert b"PDF" not in held[f"/attachments/sealed/{key}"]
    assert await fetched(key, person_id) == b"%PDF-1.7 hello"
    await files.delete(key)
    assert held == {}
    with pytest.raises(UnknownFile):
        await fetched(key, person_id)


@pytest.mark.parametrize("url", ["ftp://host/x", "memory:///", "nonsense", "s3://b?made_up=1"])
def test_an_address_that_is_no_store_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BLUEGPT_FILES_URL"):
        file_store._opened(url, tmp_path)
