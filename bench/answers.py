"""A paid answer through the whole path, beside the same stream from the sandbox directly.

The whole path is what a person's browser does: session, form, hold, provider call, live answer,
events, checkpoint, sealing, settlement. The same client reads the sandbox directly.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import aiohttp

from bench.figures import percentile, table
from bench.installation import EMAIL, PASSWORD, command, cpu_s, data_folder, process

SAMPLES = 40
LONG_TOKENS = 4_000
_CALL = re.compile(r"foot-([0-9a-f-]{36})")
_QUICK = "sandbox: pace_ms=0 first_ms=0 tokens=5"
_LONG = f"sandbox: pace_ms=0 first_ms=0 tokens={LONG_TOKENS}"


def run() -> None:
    """Start a sandbox and a server as processes of their own and measure both."""
    with data_folder() as folder, process(_SANDBOX) as (_pid, sandbox):
        command(folder, "user", "create", EMAIL, "--password-stdin", typed=PASSWORD + "\n")
        command(folder, "credits", "grant", EMAIL, "100000", "--reason", "benchmark")
        environment = {
            "BLUEGPT_COMPATIBLE_BASE_URL": f"{sandbox}/v1",
            "BLUEGPT_COMPATIBLE_API_KEY": "bench",
            "BLUEGPT_FIND_LOCAL_MODELS": "no",
        }
        serve = ["bluegpt.ops.cli", "serve", "--port", "0", "--data", str(folder)]
        with process(serve, environment) as (pid, site):
            asyncio.run(_measure(pid, site, sandbox))


_SANDBOX = ["bluegpt.providers.adapters.sandbox", "--port", "0"]
MODEL = "compatible/writer"


async def _measure(pid: int, site: str, sandbox: str) -> None:
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        await _log_in(session, site)
        direct, whole = [], []
        await _ask(session, site, _QUICK)  # the first answer warms both sides
        for _sample in range(SAMPLES):  # by turns, so that a noisy moment hits both
            direct.append(await _first_token_s(_direct(session, sandbox, _QUICK)))
            whole.append(await _first_token_s(_through(session, site, _QUICK)))
        direct_s, _ = await _drained(_direct(session, sandbox, _LONG))
        before = cpu_s(pid)
        whole_s, events = await _drained(_through(session, site, _LONG))
        used = cpu_s(pid) - before
    _first_token_table(direct, whole)
    table(
        f"One answer of {LONG_TOKENS:,} tokens as fast as it comes",
        ["path", "seconds", "ratio", "server CPU µs per token", "events to the page"],
        [
            ["sandbox directly", f"{direct_s:.2f}", "1.0", "-", "-"],
            [
                "whole path",
                f"{whole_s:.2f}",
                f"{whole_s / direct_s:.1f}",
                f"{used / LONG_TOKENS * 1e6:.0f}",
                str(events),
            ],
        ],
    )


def _first_token_table(direct: list[float], whole: list[float]) -> None:
    def row(name: str, spans: list[float]) -> list[str]:
        p50, p99 = percentile(spans, 0.5), percentile(spans, 0.99)
        return [
            name,
            f"{p50 * 1_000:.1f}",
            f"{p99 * 1_000:.1f}",
            f"{p50 / percentile(direct, 0.5):.1f}",
        ]

    table(
        f"Time to first token, {SAMPLES} answers (SQLite, full sync)",
        ["path", "p50 ms", "p99 ms", "ratio"],
        [row("sandbox directly", direct), row("whole path", whole)],
    )


async def _first_token_s(pieces: AsyncIterator[str]) -> float:
    started = time.perf_counter()
    first = 0.0
    async for piece in pieces:
        if piece and not first:
            first = time.perf_counter() - started
    return first


async def _drained(pieces: AsyncIterator[str]) -> tuple[float, int]:
    started = time.perf_counter()
    count = 0
    async for _piece in pieces:
        count += 1
    return time.perf_counter() - started, count


async def _direct(
    session: aiohttp.ClientSession, sandbox: str, switches: str
) -> AsyncIterator[str]:
    body = {
        "model": "writer",
        "stream": True,
        "messages": [{"role": "user", "content": f"Hello\n{switches}"}],
    }
    headers = {"Authorization": "Bearer bench"}
    async with session.post(
        f"{sandbox}/v1/chat/completions", json=body, headers=headers
    ) as response:
        async for line in response.content:
            if line.startswith(b"data: {"):
                choices = json.loads(line[6:])["choices"]
                yield choices[0]["delta"].get("content", "") if choices else ""


async def _through(session: aiohttp.ClientSession, site: str, switches: str) -> AsyncIterator[str]:
    call_id = await _ask(session, site, switches)
    async with session.get(f"{site}/answers/{call_id}/events") as response:
        event = ""
        async for line in response.content:
            if line.startswith(b"event: "):
                event = line[7:].decode().strip()
            elif line.startswith(b"data: ") and event == "delta":
                yield json.loads(line[6:])["text"]
            elif line.startswith(b"data: ") and event == "end":
                return


async def _ask(session: aiohttp.ClientSession, site: str, switches: str) -> str:
    form = {
        "text": f"Hello\n{switches}",
        "model": MODEL,
        "request_key": str(uuid4()),
        "csrfmiddlewaretoken": _token(session),
    }
    headers = {"X-Fragment": "1", "Referer": site}
    async with session.post(f"{site}/messages", data=form, headers=headers) as response:
        page = await response.text()
        assert response.status == 200, page
    return str(_CALL.findall(page)[-1])


def _token(session: aiohttp.ClientSession) -> str:
    return next(cookie.value for cookie in session.cookie_jar if cookie.key == "csrftoken")


async def _log_in(session: aiohttp.ClientSession, site: str) -> None:
    async with session.get(f"{site}/account/login/"):
        pass
    form = {
        "login": EMAIL,
        "password": PASSWORD,
        "csrfmiddlewaretoken": _token(session),
    }
    async with session.post(
        f"{site}/account/login/", data=form, headers={"Referer": site}
    ) as response:
        assert response.status == 200
        assert "login" not in response.url.path, "the benchmark's person cannot log in"
