"""A report over HTTP, page by page: nothing is sent but the key, the day and the cursor."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from datetime import date, timedelta

import aiohttp
import orjson

from bluegpt.providers.adapters.clients import client
from bluegpt.providers.errors import (
    ProviderBusy,
    ProviderDown,
    ProviderMisconfigured,
    UnreadableReport,
)
from bluegpt.providers.rules.usage_reports import day_bounds_s, page_from
from bluegpt.providers.types.reports import ReportAccess, ReportFormat, ReportPage

ANTHROPIC_VERSION = "2023-06-01"
PAGE_TIMEOUT_S = 60
_PAGE_BYTES_MAX = 16_000_000
# A day has one bucket; its rows are models, of which an account has dozens.
_PAGES_MAX = 1_000
_CHUNK_BYTES = 65_536


async def pages(access: ReportAccess, *, day: date) -> AsyncGenerator[ReportPage, None]:
    """The pages of one UTC day. Raises UnreadableReport, ProviderMisconfigured, -Busy, -Down."""
    path, query, headers = _question(access, day)
    seen: set[str] = set()
    cursor = ""
    for _page in range(_PAGES_MAX):
        asked = [*query, *([("page", cursor)] if cursor else [])]
        body = await _get(access.base_url, path, query=asked, headers=headers)
        page = page_from(body, form=access.format)
        yield page
        if not page.next_page:
            return
        if page.next_page in seen:
            break
        seen.add(cursor := page.next_page)
    raise UnreadableReport  # it never ends


def _question(
    access: ReportAccess, day: date
) -> tuple[str, list[tuple[str, str]], Mapping[str, str]]:
    """Path, query and headers as each provider wants them."""
    if access.format is ReportFormat.OPENAI:
        start_s, end_s = day_bounds_s(day)
        return (
            "/organization/usage/completions",
            [
                ("start_time", str(start_s)),
                ("end_time", str(end_s)),
                ("bucket_width", "1d"),
                ("group_by[]", "model"),
                ("limit", "1"),
            ],
            {"Authorization": f"Bearer {access.api_key}"},
        )
    return (
        "/v1/organizations/usage_report/messages",
        [
            ("starting_at", f"{day.isoformat()}T00:00:00Z"),
            ("ending_at", f"{(day + timedelta(days=1)).isoformat()}T00:00:00Z"),
            ("bucket_width", "1d"),
            ("group_by[]", "model"),
            ("limit", "1"),
        ],
        {"x-api-key": access.api_key, "anthropic-version": ANTHROPIC_VERSION},
    )


async def _get(
    base_url: str, path: str, *, query: list[tuple[str, str]], headers: Mapping[str, str]
) -> object:
    try:
        async with (
            asyncio.timeout(PAGE_TIMEOUT_S),
            client(base_url).get(
                base_url + path, params=query, headers=headers, allow_redirects=False
            ) as response,
        ):
            _check(response)
            return _parsed(await _body(response))
    except aiohttp.InvalidURL:
        raise ProviderMisconfigured from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        # Their own words may quote the address with what stands in it.
        raise ProviderDown from None


def _check(response: aiohttp.ClientResponse) -> None:
    if response.status == 200:
        return
    if response.status in {429, 503, 529}:
        raise ProviderBusy
    if response.status >= 500 or response.status == 408:
        raise ProviderDown
    raise ProviderMisconfigured


async def _body(response: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    while chunk := await response.content.read(_CHUNK_BYTES):
        data += chunk
        if len(data) > _PAGE_BYTES_MAX:
            raise UnreadableReport
    return bytes(data)


def _parsed(data: bytes) -> object:
    with contextlib.suppress(orjson.JSONDecodeError):
        found: object = orjson.loads(data)
        return found
    raise UnreadableReport
