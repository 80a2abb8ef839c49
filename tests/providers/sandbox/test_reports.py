"""The usage reports of the sandbox: what it has answered, in the words of two providers."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from anthropic.types.beta.organization.beta_analytics_usage_bucketed_result import (
    BetaAnalyticsUsageBucketedResult,
)
from openai.types.admin.organization.usage_completions_response import UsageCompletionsResponse
from pytest_django import Settings

from bluegpt.core import clock
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.adapters.sandbox.server import Sandbox
from bluegpt.providers.queries.names import plain_name
from bluegpt.providers.types.reports import ReportFormat
from tests.providers.test_usage_reports import fetched, with_access

OPENAI, ANTHROPIC = ReportFormat.OPENAI, ReportFormat.ANTHROPIC


@pytest.fixture
async def origin(settings: Settings) -> AsyncIterator[str]:
    sandbox = Sandbox()
    origin = await sandbox.start()
    with_access(settings, origin)
    yield origin
    await close_clients()
    await sandbox.stop()


CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"


async def ask(origin: str, path: str, model: str, *, switches: str = "") -> dict[str, Any]:
    """One answer that is not streamed, as the sandbox gives it."""
    words = f"Tell me of towers.\nsandbox: pace_ms=0 tokens=30 {switches}"
    body = {
        "model": model,
        "messages": [{"role": "user", "content": words}],
        "max_tokens": 1_000,
    }
    headers = {"x-api-key": "any", "anthropic-version": "2023-06-01"}
    async with (
        aiohttp.ClientSession(origin, headers=headers) as session,
        session.post(path, json=body) as response,
    ):
        answer: dict[str, Any] = await response.json()
        return answer


async def test_the_sandbox_reports_what_it_has_answered_over_several_pages(origin: str) -> None:
    said = {name: await ask(origin, CHAT, name) for name in ("writer", "thinker", "scholar")}

    rows = {row.wire_name: row.usage for row in await fetched(OPENAI, clock.now().date())}

    assert rows.keys() == said.keys()
    for name, usage in rows.items():
        assert usage.context_tokens == said[name]["usage"]["prompt_tokens"]
        assert usage.output_tokens == said[name]["usage"]["completion_tokens"]
    assert await fetched(ANTHROPIC, clock.now().date()) == []


async def test_each_wire_stands_in_its_own_vendors_report(origin: str) -> None:
    said = await ask(origin, MESSAGES, "writer", switches="searches=2")

    [row] = await fetched(ANTHROPIC, clock.now().date())

    assert row.usage.input_tokens == said["usage"]["input_tokens"]
    assert (row.usage.output_tokens, row.usage.searches) == (30, 2)
    assert await fetched(OPENAI, clock.now().date()) == []


@pytest.mark.parametrize(("report", "output_tokens"), [("less", 15), ("more", 60)])
async def test_a_report_can_be_falsified(origin: str, report: str, output_tokens: int) -> None:
    await ask(origin, CHAT, "writer", switches=f"report={report}")

    [row] = await fetched(OPENAI, clock.now().date())

    assert row.usage.output_tokens == output_tokens


async def test_a_call_can_be_missing_from_the_report_or_dated(origin: str) -> None:
    await ask(origin, CHAT, "writer", switches="report=missing")
    await ask(origin, CHAT, "writer", switches="report=dated")

    [row] = await fetched(OPENAI, clock.now().date())

    assert row.wire_name != "writer"
    assert (plain_name(row.wire_name), row.usage.output_tokens) == ("writer", 30)


async def test_the_sandboxs_reports_are_what_the_official_packages_describe(origin: str) -> None:
    await ask(origin, CHAT, "writer", switches="audio_tokens=9")
    await ask(origin, MESSAGES, "scholar")
    start_s = int(clock.now().timestamp()) // 86_400 * 86_400
    day = clock.now().date()
    openai: dict[str, str | int] = {
        "start_time": start_s,
        "end_time": start_s + 86_400,
        "group_by[]": "model",
    }
    anthropic = {
        "starting_at": f"{day}T00:00:00Z",
        "ending_at": f"{day + timedelta(days=1)}T00:00:00Z",
        "group_by[]": "model",
    }

    async with aiohttp.ClientSession(origin, headers={"x-api-key": "any"}) as session:
        path = "/v1/organization/usage/completions"
        async with session.get(path, params=openai) as response:
            page = await response.json()
        path = "/v1/organizations/usage_report/messages"
        async with session.get(path, params=anthropic) as response:
            buckets = (await response.json())["data"]

    told = UsageCompletionsResponse.model_validate(page, strict=True)
    assert told.data[0].results[0].to_dict()["input_audio_tokens"] == 9
    [result] = buckets[0]["results"]
    assert BetaAnalyticsUsageBucketedResult.model_validate(result).model == "scholar"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/organization/usage/completions", {"start_time": "0"}),
        ("/v1/organization/usage/completions", {"start_time": "1", "end_time": "86401"}),
        ("/v1/organizations/usage_report/messages", {"starting_at": "yesterday"}),
    ],
)
async def test_the_sandbox_refuses_what_it_cannot_report(
    origin: str, path: str, query: dict[str, str]
) -> None:
    async with (
        aiohttp.ClientSession(origin, headers={"x-api-key": "any"}) as session,
        session.get(path, params=query) as response,
    ):
        assert response.status == 400
        assert "sandbox" in (await response.json())["error"]["message"]
