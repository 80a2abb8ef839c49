"""The sandbox's HTTP server: routes, keys, request ids, and nothing that is kept."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from bluegpt.core import clock, ids
from bluegpt.providers.adapters.sandbox import (
    address,
    google_errors,
    listings,
    messages_request,
    reports,
    switches,
    tokens,
)
from bluegpt.providers.adapters.sandbox.ask import Ask
from bluegpt.providers.adapters.sandbox.bills import Bills
from bluegpt.providers.adapters.sandbox.chat import Chat
from bluegpt.providers.adapters.sandbox.delivery import Delivery
from bluegpt.providers.adapters.sandbox.dialect import Answer, Dialect
from bluegpt.providers.adapters.sandbox.film_jobs import FilmJobs
from bluegpt.providers.adapters.sandbox.gemini import Gemini
from bluegpt.providers.adapters.sandbox.interactions import Interactions
from bluegpt.providers.adapters.sandbox.memory import (
    CLIENT_GONE,
    DONE,
    RUNNING,
    Call,
    Calls,
    PrefixCache,
)
from bluegpt.providers.adapters.sandbox.messages import Messages
from bluegpt.providers.adapters.sandbox.models import (
    CONTEXT_TOKENS,
    MODELS,
    PAINTER,
    SKETCHER,
)
from bluegpt.providers.adapters.sandbox.operations import Operations
from bluegpt.providers.adapters.sandbox.picture_routes import Pictures
from bluegpt.providers.adapters.sandbox.plan import plan
from bluegpt.providers.adapters.sandbox.refusals import Refusal
from bluegpt.providers.adapters.sandbox.responses import Responses
from bluegpt.providers.adapters.sandbox.switches import BadSwitch, Switches
from bluegpt.providers.adapters.sandbox.videos import Videos

HOST = "127.0.0.1"
BODY_BYTES_MAX = 64 * 1024 * 1024
SHUTDOWN_S = 0.2

CHAT, RESPONSES, MESSAGES, GEMINI = Chat(), Responses(), Messages(), Gemini()
REQUEST_ID = web.RequestKey("request_id", str)
CALLER = web.RequestKey("caller", str)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sandbox:
    """One server on loopback. Start and stop it in the same event loop."""

    def __init__(self) -> None:
        self._calls = Calls()
        self._prefixes = PrefixCache()
        self._bills = Bills()
        self._pictures = Pictures(self._calls, self._bills)
        self._films = FilmJobs()
        self._runner: web.AppRunner | None = None
        self._url = ""

    async def start(self, *, port: int = 0) -> str:
        """Listen, and tell this process where. Returns the base URL, without a path."""
        self._runner = web.AppRunner(
            self._application(),
            access_log=None,  # an access log would be a second place where calls are recorded
            handler_cancellation=True,
            shutdown_timeout=SHUTDOWN_S,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, port, backlog=4_096).start()
        self._url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        address.remember(self._url)
        return self._url

    async def stop(self) -> None:
        """Break off what is still running and stop listening."""
        if self._runner is not None:
            address.forget(self._url)
            await self._runner.cleanup()
            await self._films.close()
            self._runner = None

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[_in_dialect], client_max_size=BODY_BYTES_MAX)
        app.add_routes(self._pictures.routes())
        app.add_routes(Videos(self._films, self._calls).routes())
        app.add_routes(Interactions(self._films, self._calls).routes())
        app.add_routes(Operations(self._films, self._calls).routes())
        app.add_routes(
            [
                web.post("/v1/chat/completions", self._answering(CHAT)),
                web.post("/v1/responses", self._answering(RESPONSES)),
                web.post("/v1/messages", self._answering(MESSAGES)),
                web.post("/v1/messages/count_tokens", self._count_tokens),
                web.post("/{version:v1|v1beta}/models/{model}:{verb}", self._gemini),
                web.get("/{version:v1|v1beta}/models", _models),
                web.get("/{version:v1|v1beta}/models/{model}", _model),
                web.get("/v1/organization/usage/completions", self._openai_report),
                web.get("/v1/organizations/usage_report/messages", self._anthropic_report),
                web.get("/sandbox/calls", self._list_calls),
            ]
        )
        return app

    def _answering(self, dialect: Dialect) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            return await self._answer(request, dialect, await _body(request, dialect))

        return handler

    async def _gemini(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request, GEMINI)
        verb, model = request.match_info["verb"], request.match_info["model"]
        if verb not in ("generateContent", "streamGenerateContent") or not isinstance(body, dict):
            raise _refusal(request, "route", method=request.method, path=request.path)
        if model in (PAINTER, SKETCHER) and verb == "generateContent":
            return await self._pictures.gemini(request, body, model)
        is_stream = verb == "streamGenerateContent"
        if is_stream and request.query.get("alt") != "sse":
            raise _refusal(request, "switch", why="the sandbox streams with alt=sse only")
        return await self._answer(request, GEMINI, body | {"model": model, "stream": is_stream})

    async def _count_tokens(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request, MESSAGES)
        ask = messages_request.read_for_count(body, request.headers)
        _check_model(ask, MESSAGES)
        return _json(orjson.dumps({"input_tokens": tokens.input_tokens(ask)}))

    async def _openai_report(self, request: web.Request) -> web.StreamResponse:
        return _json(reports.openai_page(request.query, self._bills))

    async def _anthropic_report(self, request: web.Request) -> web.StreamResponse:
        return _json(reports.anthropic_page(request.query, self._bills))

    async def _list_calls(self, request: web.Request) -> web.StreamResponse:
        return _json(orjson.dumps({"calls": self._calls.facts()}))

    async def _answer(
        self, request: web.Request, dialect: Dialect, body: Any
    ) -> web.StreamResponse:
        call = self._calls.begin(id=request[REQUEST_ID], wire=dialect.wire)
        call.state = DONE  # a refused request is done with; a good one runs from here on
        ask = dialect.read(body, request.headers)
        call.model, call.user_id, call.is_stored = ask.model, ask.user_id, ask.is_stored
        _check_model(ask, dialect)
        told = _told(ask, request, dialect)
        _check_length(ask, dialect)
        cached = self._prefixes.look_up(ask, caller=request[CALLER])
        planned = plan(ask, told, cached=cached)
        self._prefixes.remember_answer(ask, planned.text, caller=request[CALLER])
        answer = Answer(
            id=call.id,
            created=int(clock.now().timestamp()),
            ask=ask,
            plan=planned,
            body=body,
        )
        try:
            return await _deliver(request, dialect, answer, told, call)
        finally:
            today = clock.now().date()
            self._bills.book(call, answer, day=today, report=told.report)


async def _deliver(
    request: web.Request, dialect: Dialect, answer: Answer, told: Switches, call: Call
) -> web.StreamResponse:
    headers = {dialect.request_id_header: f"req_{call.id}"}
    delivery = Delivery(request=request, headers=headers, switches=told, call=call)
    call.state = RUNNING
    try:
        response = await delivery.send(dialect, answer)
    except asyncio.CancelledError:
        call.state = CLIENT_GONE
        raise
    if call.state == RUNNING:
        call.state = DONE
    return response


def _told(ask: Ask, request: web.Request, dialect: Dialect) -> Switches:
    """The switches of this call; those that mean an error before the first byte end it here."""
    try:
        told = switches.read(
            message=ask.last_user_text, header=request.headers.get("x-sandbox", "")
        )
    except BadSwitch as bad:
        raise dialect.errors["switch"].refusal(why=bad) from None
    if told.error:
        raise dialect.errors[told.error].refusal(found=CONTEXT_TOKENS + 1, most=CONTEXT_TOKENS)
    if told.error_after is not None and not ask.is_stream:
        raise dialect.errors["500"].refusal()
    return told


def _check_model(ask: Ask, dialect: Dialect) -> None:
    if ask.model not in MODELS:
        raise dialect.errors["model"].refusal(model=ask.model, param="model")


def _check_length(ask: Ask, dialect: Dialect) -> None:
    found = tokens.input_tokens(ask)
    if found > CONTEXT_TOKENS:
        raise dialect.errors["context"].refusal(found=found, most=CONTEXT_TOKENS)


async def _models(request: web.Request) -> web.StreamResponse:
    return _json(listings.all_models(listings.tongue(request.headers)))


async def _model(request: web.Request) -> web.StreamResponse:
    name = request.match_info["model"]
    if name not in MODELS:
        raise _refusal(request, "model", model=name)
    return _json(listings.one_model(MODELS[name], listings.tongue(request.headers)))


async def _body(request: web.Request, dialect: Dialect) -> Any:
    try:
        return orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise dialect.errors["json"].refusal() from None


@web.middleware
async def _in_dialect(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every request an id and ask it for a key; render every refusal as its client expects."""
    request[REQUEST_ID] = ids.new_id().hex
    try:
        request[CALLER] = "" if request.path.startswith("/sandbox/") else _caller(request)
        return await handler(request)
    except Refusal as refusal:
        return _rendered(request, refusal)
    except web.HTTPRequestEntityTooLarge:
        return _rendered(request, _refusal(request, "413"))
    except web.HTTPMethodNotAllowed:
        where = {"method": request.method, "path": request.path}
        return _rendered(request, _refusal(request, "method", **where))
    except web.HTTPNotFound:
        where = {"method": request.method, "path": request.path}
        return _rendered(request, _refusal(request, "route", **where))


def _caller(request: web.Request) -> str:
    """A digest of the key, whatever its value. Raises a refusal when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    given = (
        token.strip() if scheme.lower() == "bearer" else "",
        request.headers.get("x-api-key", ""),
        request.headers.get("x-goog-api-key", ""),
    )
    key = next(filter(None, given), None)
    if key is None:
        raise _refusal(request, "key")
    return hashlib.sha256(key.encode()).hexdigest()


def _dialect_of(request: web.Request) -> Dialect:
    """Whose words to use when the request has not been read yet."""
    if ":" in request.path or "x-goog-api-key" in request.headers:
        return GEMINI
    anthropic_paths = ("/v1/messages", "/v1/organizations/")
    if request.path.startswith(anthropic_paths) or "anthropic-version" in request.headers:
        return MESSAGES
    return RESPONSES if request.path.startswith("/v1/responses") else CHAT


def _refusal(request: web.Request, key: str, **names: str) -> Refusal:
    return _dialect_of(request).errors[key].refusal(**names)


def _rendered(request: web.Request, refusal: Refusal) -> web.Response:
    dialect = _dialect_of(request)
    request_id = f"req_{request[REQUEST_ID]}"
    headers = {dialect.request_id_header: request_id, **refusal.wording.headers}
    if dialect is GEMINI and "/interactions" in request.path:
        body = google_errors.interaction_error_body(refusal)
    else:
        body = dialect.error_body(refusal, request_id)
    return _json(body, status=refusal.wording.status, headers=headers)


def _json(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    kind = {"content-type": "application/json"}
    return web.Response(body=body, status=status, headers=kind | (headers or {}))
