"""How large a request may be: what is larger is refused before any of it is kept.

Django keeps a request's body in memory up to `FILE_UPLOAD_MAX_MEMORY_SIZE` and in a temporary
file beyond it, in clear. Nothing that people write may lie on a disk unsealed, so nothing beyond
that size reaches Django.
"""

from django.conf import settings
from django.utils.translation import gettext

from bluegpt.api import bodies as api_bodies
from bluegpt.config.lifespan import Application, Message, Receive, Scope, Send

_API_ROOT = "/v1/"


class Bounded:
    """Hands on requests whose bodies stay in memory, and answers 413 to the others."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        is_api = scope.get("path", "").startswith(_API_ROOT)
        bytes_max = api_bodies.BYTES_MAX if is_api else settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        if _declared_bytes(scope) > bytes_max:
            await _refuse(send, is_api=is_api)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            # Longer than it said, or it did not say: as if the client had gone.
            return {"type": "http.disconnect"} if received > bytes_max else message

        await self._application(scope, counted, send)


def _declared_bytes(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _refuse(send: Send, *, is_api: bool) -> None:
    sentence = gettext("This is too large to be sent at once. Attach fewer or smaller files.")
    body = api_bodies.refusal() if is_api else sentence.encode()
    headers = [
        (b"content-type", b"application/json" if is_api else b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
