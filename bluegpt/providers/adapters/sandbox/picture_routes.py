"""The addresses where pictures are asked for."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any

import orjson
from aiohttp import web

from bluegpt.core import clock, ids
from bluegpt.providers.adapters.sandbox import (
    forms,
    gemini_images,
    google_errors,
    images,
    openai_errors,
    xai_images,
)
from bluegpt.providers.adapters.sandbox.bills import Bills
from bluegpt.providers.adapters.sandbox.memory import CLIENT_GONE, DONE, RUNNING, Calls
from bluegpt.providers.adapters.sandbox.models import SKETCHER
from bluegpt.providers.adapters.sandbox.picture_orders import Order, counts, told_of
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording
from bluegpt.providers.adapters.sandbox.switches import Switches

# Sixteen pictures of a few megabytes; what the whole server lets in.
FORM_BYTES_MAX = 64 * 1024 * 1024


class Pictures:
    """The routes; what is drawn there is billed as what is said elsewhere."""

    def __init__(self, calls: Calls, bills: Bills) -> None:
        self._calls = calls
        self._bills = bills

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/images/generations", self._generate),
            web.post("/v1/images/edits", self._edit),
            web.post("/xai/v1/images/{act:generations|edits}", self._xai),
        ]

    async def _generate(self, request: web.Request) -> web.StreamResponse:
        return await self._openai(request, images.read(await json_of(request)))

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        if not request.content_type.startswith("multipart/"):
            raise openai_errors.ERRORS["switch"].refusal(why="the sandbox edits forms only")
        return await self._openai(
            request, images.read_edit(await forms.read(request, most=FORM_BYTES_MAX))
        )

    async def _openai(self, request: web.Request, order: Order) -> web.StreamResponse:
        told = self.told(request, order, openai_errors.ERRORS)
        if order.is_stream:
            return await self.drawn(order, images.WIRE, images.stream(request, order, told))
        if told.refuse:
            raise openai_errors.ERRORS["unsafe"].refusal()

        async def whole() -> web.StreamResponse:
            return await images.send(request, await images.reply(order, told), told)

        return await self.drawn(order, images.WIRE, whole())

    async def gemini(
        self, request: web.Request, body: Mapping[str, Any], model: str
    ) -> web.StreamResponse:
        """A picture from a model of Google's that draws; the server knows its address."""
        order = gemini_images.read(body, model)
        told = self.told(request, order, google_errors.ERRORS)

        async def whole() -> web.StreamResponse:
            return await images.send(request, await gemini_images.reply(order, told), told)

        return await self.drawn(order, gemini_images.WIRE, whole())

    async def _xai(self, request: web.Request) -> web.StreamResponse:
        try:
            is_edit = request.match_info["act"] == "edits"
            order = xai_images.read(await json_of(request), is_edit=is_edit)
            told = self.told(request, order, xai_images.ERRORS)
            if told.refuse == "model":
                raise xai_images.ERRORS["unsafe"].refusal()
        except Refusal as refusal:
            body, headers = xai_images.error_body(refusal), refusal.wording.headers
            return web.Response(
                body=body,
                status=refusal.wording.status,
                headers={"content-type": "application/json", **headers},
            )

        async def whole() -> web.StreamResponse:
            return await images.send(request, await xai_images.reply(order, told), told)

        # Billed by the piece, whatever the model counts elsewhere.
        return await self.drawn(replace(order, model=SKETCHER), xai_images.WIRE, whole())

    def told(self, request: web.Request, order: Order, errors: Mapping[str, Wording]) -> Switches:
        return told_of(order, request.headers.get("x-sandbox", ""), errors)

    async def drawn(
        self, order: Order, wire: str, work: Awaitable[web.StreamResponse]
    ) -> web.StreamResponse:
        """Note the call, let the work be done, and put it on the bill."""
        call = self._calls.begin(id=ids.new_id().hex, wire=wire)
        call.model, call.user_id, call.state = order.model, order.user_id, RUNNING
        try:
            response = await work
        except (asyncio.CancelledError, ConnectionError):
            call.state = CLIENT_GONE
            raise
        self._bills.book_pictures(order.model, day=clock.now().date(), counts=counts(order))
        call.state = DONE
        return response


async def json_of(
    request: web.Request, errors: Mapping[str, Wording] = openai_errors.ERRORS
) -> Any:
    """The JSON of a body. Raises a refusal."""
    try:
        return orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise errors["json"].refusal() from None
