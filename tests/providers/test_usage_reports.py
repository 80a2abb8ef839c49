"""What providers say was used on a day: read as they write it, and as the sandbox writes it."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import web
from anthropic.types.beta.organization.beta_analytics_usage_bucketed_result import (
    BetaAnalyticsUsageBucketedResult,
)
from openai.types.admin.organization.usage_completions_response import UsageCompletionsResponse
from pytest_django import Settings

from bluegpt.core.errors import BlueError
from bluegpt.core.settings import ProviderAccess
from bluegpt.providers.adapters.clients import close_clients
from bluegpt.providers.errors import (
    NoReportAccess,
    ProviderBusy,
    ProviderDown,
    ProviderMisconfigured,
    UnreadableReport,
)
from bluegpt.providers.queries.names import plain_name
from bluegpt.providers.rules.usage_reports import page_from
from bluegpt.providers.services import usage_reports
from bluegpt.providers.types.reports import ReportedUsage, ReportFormat
from bluegpt.providers.types.usage import Usage, UsageSource

OPENAI, ANTHROPIC = ReportFormat.OPENAI, ReportFormat.ANTHROPIC
DAY = date(2026, 11, 21)
MIDNIGHT_S = 1_795_219_200

OPENAI_PAGE: dict[str, Any] = {
    "object": "page",
    "data": [
        {
            "object": "bucket",
            "start_time": MIDNIGHT_S,
            "end_time": MIDNIGHT_S + 86_400,
            "results": [
                {
                    "object": "organization.usage.completions.result",
                    "input_tokens": 10_000,
                    "input_cached_tokens": 4_000,
                    "input_cache_write_tokens": 1_000,
                    "input_cache_write_30m_tokens": 700,
                    "input_cache_write_12h_tokens": 300,
                    "input_image_tokens": 500,
                    "input_audio_tokens": 0,
                    "output_tokens": 2_000,
                    "num_model_requests": 5,
                    "project_id": None,
                    "user_id": None,
                    "api_key_id": None,
                    "model": "gpt-5.5-2026-04-23",
                    "batch": None,
                }
            ],
        }
    ],
    "has_more": False,
    "next_page": None,
}
ANTHROPIC_PAGE: dict[str, Any] = {
    "data": [
        {
            "starting_at": "2026-11-21T00:00:00Z",
            "ending_at": "2026-11-22T00:00:00Z",
            "results": [
                {
                    "uncached_input_tokens": 1_500,
                    "cache_creation": {
                        "ephemeral_1h_input_tokens": 1_000,
                        "ephemeral_5m_input_tokens": 500,
                    },
                    "cache_read_input_tokens": 200,
                    "output_tokens": 500,
                    "server_tool_use": {"web_search_requests": 10},
                    "api_key_id": None,
                    "workspace_id": None,
                    "model": "claude-opus-4-7-20260416",
                    "service_tier": None,
                    "context_window": None,
                }
            ],
        }
    ],
    "has_more": False,
    "next_page": None,
}
PAGES = {OPENAI: OPENAI_PAGE, ANTHROPIC: ANTHROPIC_PAGE}
each_format = pytest.mark.parametrize("form", ReportFormat)


def read(text: str, form: ReportFormat = OPENAI) -> list[ReportedUsage]:
    return list(usage_reports.rows_of_file(text, form, day=DAY))


async def fetched(form: ReportFormat, day: date = DAY) -> list[ReportedUsage]:
    return [row async for row in usage_reports.rows(form, day=day)]


def with_access(settings: Settings, origin: str, *, key: str = "admin-key") -> None:
    providers = replace(
        settings.BLUEGPT.providers,
        openai=ProviderAccess(api_key="", base_url=f"{origin}/v1"),
        anthropic=ProviderAccess(api_key="", base_url=origin),
        openai_admin_key=key,
        anthropic_admin_key=key,
    )
    settings.BLUEGPT = replace(settings.BLUEGPT, providers=providers)


# As providers write it


def test_openais_row_is_told_apart_without_overlap() -> None:
    [row] = read(json.dumps(OPENAI_PAGE))

    assert (row.wire_name, row.day) == ("gpt-5.5-2026-04-23", DAY)
    assert row.usage == Usage(
        input_tokens=4_500,
        cached_input_tokens=4_000,
        cache_write_tokens=700,
        cache_write_long_tokens=300,
        image_input_tokens=500,
        output_tokens=2_000,
        source=UsageSource.FINAL,
    )
    assert row.usage.context_tokens == 10_000


def test_anthropics_row_is_told_apart_without_overlap() -> None:
    [row] = read(json.dumps(ANTHROPIC_PAGE), ANTHROPIC)

    assert (row.wire_name, row.day) == ("claude-opus-4-7-20260416", DAY)
    assert row.usage == Usage(
        input_tokens=1_500,
        cached_input_tokens=200,
        cache_write_tokens=500,
        cache_write_long_tokens=1_000,
        output_tokens=500,
        searches=10,
        source=UsageSource.FINAL,
    )


def test_our_examples_are_what_the_official_packages_describe() -> None:
    UsageCompletionsResponse.model_validate(OPENAI_PAGE, strict=True)
    for result in ANTHROPIC_PAGE["data"][0]["results"]:
        BetaAnalyticsUsageBucketedResult.model_validate(result, strict=True)


@pytest.mark.parametrize(
    ("wire_name", "expected"),
    [
        ("gpt-5.5-2026-04-23", "gpt-5.5"),
        ("claude-opus-4-7-20260416", "claude-opus-4-7"),
        ("gpt-4-0613", "gpt-4"),
        ("chat-latest", "chat"),
        ("gpt-5.5", "gpt-5.5"),
        ("", ""),
    ],
)
def test_an_edition_has_the_name_of_its_model(wire_name: str, expected: str) -> None:
    assert plain_name(wire_name) == expected


@each_format
def test_several_pages_may_stand_in_one_file(form: ReportFormat) -> None:
    first = PAGES[form] | {"has_more": True, "next_page": "page_2"}
    pages = [first, PAGES[form]]

    in_a_list = read(json.dumps(pages), form)
    in_lines = read("\n".join(map(json.dumps, pages)), form)

    assert in_a_list == in_lines
    assert len(in_a_list) == 2


@each_format
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "nonsense",
        '{"data": [], "has_more": false}',
        '{"data": {}, "has_more": false}',
        '{"data": [7], "has_more": false}',
        '{"data": [], "has_more": true, "next_page": null}',
    ],
)
def test_what_is_no_report_of_that_day_is_refused(form: ReportFormat, text: str) -> None:
    with pytest.raises(UnreadableReport):
        read(text, form)


@each_format
def test_a_report_of_another_day_is_silent_about_this_one(form: ReportFormat) -> None:
    text = json.dumps(PAGES[form])

    with pytest.raises(UnreadableReport):
        list(usage_reports.rows_of_file(text, form, day=DAY + timedelta(days=1)))


@each_format
def test_a_file_that_ends_before_its_last_page_is_refused(form: ReportFormat) -> None:
    with pytest.raises(UnreadableReport):
        read(json.dumps(PAGES[form] | {"has_more": True, "next_page": "page_2"}), form)


@pytest.mark.parametrize(
    ("form", "changes"),
    [
        (OPENAI, {"input_tokens": -1}),
        (OPENAI, {"input_tokens": 10}),  # less than its parts
        (OPENAI, {"output_tokens": None}),
        (OPENAI, {"model": 5}),
        (ANTHROPIC, {"uncached_input_tokens": "many"}),
        (ANTHROPIC, {"cache_creation": [1]}),
        (ANTHROPIC, {"output_tokens": 1.5}),
    ],
)
def test_a_row_that_cannot_be_true_makes_the_report_unreadable(
    form: ReportFormat, changes: dict[str, Any]
) -> None:
    page = json.loads(json.dumps(PAGES[form]))
    page["data"][0]["results"][0] |= changes

    with pytest.raises(UnreadableReport):
        page_from(page, form=form)


@pytest.mark.parametrize(
    ("form", "changes"),
    [
        (OPENAI, {"end_time": MIDNIGHT_S + 7 * 86_400}),
        (ANTHROPIC, {"ending_at": "2026-11-28T00:00:00Z"}),
    ],
)
def test_a_bucket_of_a_week_is_no_day(form: ReportFormat, changes: dict[str, Any]) -> None:
    page = json.loads(json.dumps(PAGES[form]))
    page["data"][0] |= changes

    with pytest.raises(UnreadableReport):
        page_from(page, form=form)


# Over HTTP


class Vendor:
    """A server that gives pages, or refuses, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, object]) -> None:
        self.answers = list(answers)
        self.asked: list[web.Request] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        answers = self.answers
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        return web.json_response(body, status=status)


@pytest.fixture
async def vendor(settings: Settings) -> AsyncIterator[Vendor]:
    vendor = Vendor()
    app = web.Application()
    app.router.add_route("GET", "/{path:.*}", vendor.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    with_access(settings, f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield vendor
    await close_clients()
    await runner.cleanup()


@each_format
async def test_pages_are_asked_for_one_after_the_other(vendor: Vendor, form: ReportFormat) -> None:
    first = PAGES[form] | {"has_more": True, "next_page": "page_2"}
    vendor.answers = [(200, first), (200, PAGES[form])]

    rows = await fetched(form)

    assert len(rows) == 2
    assert [asked.query.get("page") for asked in vendor.asked] == [None, "page_2"]
    assert {asked.query["group_by[]"] for asked in vendor.asked} == {"model"}


async def test_openai_is_asked_as_its_description_wants(vendor: Vendor) -> None:
    vendor.answers = [(200, OPENAI_PAGE)]

    await fetched(OPENAI)

    [asked] = vendor.asked
    assert asked.path == "/v1/organization/usage/completions"
    assert asked.headers["Authorization"] == "Bearer admin-key"
    assert (asked.query["start_time"], asked.query["end_time"]) == (
        str(MIDNIGHT_S),
        str(MIDNIGHT_S + 86_400),
    )
    assert asked.query["bucket_width"] == "1d"
    assert "admin-key" not in asked.path_qs


async def test_anthropic_is_asked_as_its_description_wants(vendor: Vendor) -> None:
    vendor.answers = [(200, ANTHROPIC_PAGE)]

    await fetched(ANTHROPIC)

    [asked] = vendor.asked
    assert asked.path == "/v1/organizations/usage_report/messages"
    assert asked.headers["x-api-key"] == "admin-key"
    assert asked.headers["anthropic-version"] == "2023-06-01"
    assert asked.query["starting_at"] == "2026-11-21T00:00:00Z"
    assert asked.query["ending_at"] == "2026-11-22T00:00:00Z"


@each_format
@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {}, ProviderMisconfigured),
        (403, {}, ProviderMisconfigured),
        (404, {}, ProviderMisconfigured),
        (302, {}, ProviderMisconfigured),
        (429, {}, ProviderBusy),
        (500, {}, ProviderDown),
        (200, {"data": "no"}, UnreadableReport),
    ],
)
async def test_a_report_that_is_not_given_is_an_error_with_a_name(
    vendor: Vendor, form: ReportFormat, status: int, body: object, expected: type[BlueError]
) -> None:
    vendor.answers = [(status, body)]

    with pytest.raises(expected):
        await fetched(form)


@each_format
async def test_a_report_whose_pages_go_round_in_a_circle_is_refused(
    vendor: Vendor, form: ReportFormat
) -> None:
    vendor.answers = [(200, PAGES[form] | {"has_more": True, "next_page": "again"})]

    with pytest.raises(UnreadableReport):
        await fetched(form)

    assert len(vendor.asked) == 2


@each_format
async def test_without_an_administrators_key_nothing_is_asked(
    vendor: Vendor, form: ReportFormat, settings: Settings
) -> None:
    with_access(settings, "http://127.0.0.1:9", key="")

    assert not usage_reports.has_access(form)
    with pytest.raises(NoReportAccess):
        await fetched(form)
