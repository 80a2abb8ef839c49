"""A person's requests without a browser: for tests that kill the server under them."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import aiohttp
from yarl import URL

from tests.end_to_end.installation import Installation
from tests.end_to_end.people import Member

_TURN = re.compile(r'data-turn="(\w+)"[^>]*>(.*?)</div>', re.DOTALL)
_CALL = re.compile(r"foot-([0-9a-f-]{36})")
_CONVERSATION = re.compile(r"/conversations/([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An answer in the making."""

    call_id: UUID
    conversation_id: UUID | None


class Caller:
    """One logged-in client; it finds the server again when that has another port."""

    def __init__(self, site: Installation, session: aiohttp.ClientSession) -> None:
        self._site = site
        self._session = session

    async def page(self, path: str) -> str:
        async with self._session.get(self._site.address + path) as response:
            assert response.status == 200, f"{path}: {response.status}"
            return await response.text()

    async def post(self, path: str, fields: dict[str, str], *files: tuple[str, str, bytes]) -> str:
        """Send a form; files are (name, media type, content). What came back."""
        token = await self._token()
        form = aiohttp.FormData(fields | {"csrfmiddlewaretoken": token})
        if files:
            form = aiohttp.FormData(default_to_multipart=True)
            for name, value in (fields | {"csrfmiddlewaretoken": token}).items():
                form.add_field(name, value)
            for name, media_type, data in files:
                form.add_field("files", data, filename=name, content_type=media_type)
        headers = {"X-Fragment": "1", "Referer": self._site.address + "/"}
        address = self._site.address + path
        async with self._session.post(address, data=form, headers=headers) as response:
            text = await response.text()
            assert response.status < 400, f"{path}: {response.status} {text}"
            return text

    async def ask(self, text: str, *files: tuple[str, str, bytes], **fields: str) -> Begun:
        """Send a message; comes back when its answer has begun."""
        form = {"text": text, "model": "sandbox/writer", "request_key": str(uuid4())} | fields
        html = await self.post("/messages", form, *files)
        call, conversation = _CALL.search(html), _CONVERSATION.search(html)
        assert call is not None, html
        return Begun(
            call_id=UUID(call[1]), conversation_id=UUID(conversation[1]) if conversation else None
        )

    async def events(self, call_id: UUID, after: str = "") -> AsyncIterator[tuple[str, Any]]:
        """Name and data of each event of an answer."""
        headers = {"Last-Event-ID": after} if after else {}
        address = f"{self._site.address}/answers/{call_id}/events"
        async with self._session.get(address, headers=headers) as response:
            assert response.status == 200
            name = ""
            async for line in response.content:
                if line.startswith(b"event: "):
                    name = line[7:].decode().strip()
                elif line.startswith(b"data: "):
                    yield name, json.loads(line[6:])

    async def text_so_far(self, call_id: UUID, *, chars: int) -> str:
        """Read along until that much has come, then hang up."""
        text = ""
        async for name, data in self.events(call_id):
            text += data["text"] if name == "delta" else ""
            if len(text) >= chars:
                break
        return text

    async def finished(self, call_id: UUID) -> str:
        """Read along to the end."""
        text = ""
        async for name, data in self.events(call_id):
            text += data["text"] if name == "delta" else ""
        return text

    async def _token(self) -> str:
        if "csrftoken" not in self._cookies():
            await self.page("/conversations")
        return str(self._cookies()["csrftoken"].value)

    def _cookies(self) -> Any:
        return self._session.cookie_jar.filter_cookies(URL(self._site.address))


def turns(page: str) -> list[tuple[str, str]]:
    """Role and text of each message on a page, as the server wrote it."""
    return [(role, text.strip()) for role, text in _TURN.findall(page)]


@asynccontextmanager
async def caller(site: Installation, member: Member) -> AsyncIterator[Caller]:
    """A client with the member's session."""
    jar = aiohttp.CookieJar(unsafe=True)
    jar.update_cookies({"sessionid": member.sessions[0]}, URL("http://127.0.0.1/"))
    timeout = aiohttp.ClientTimeout(total=60)
    # A kept connection may be ended by the server in the very moment that it is used again.
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(
        cookie_jar=jar, timeout=timeout, connector=connector
    ) as session:
        yield Caller(site, session)
