"""The usage reports that administrators read, told from what the sandbox has billed.

A bucket's rows are spread over pages, so that whoever reads them has to turn the page.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bluegpt.providers.adapters.sandbox import anthropic_errors, openai_errors
from bluegpt.providers.adapters.sandbox.bills import Bills, Row
from bluegpt.providers.adapters.sandbox.refusals import Wording

ROWS_PER_PAGE = 2
_DAY_S = 86_400


def openai_page(query: Mapping[str, str], bills: Bills) -> bytes:
    """`GET /v1/organization/usage/completions`. Raises a refusal in OpenAI's words."""
    try:
        start_s, end_s = int(query["start_time"]), int(query["end_time"])
        day = datetime.fromtimestamp(start_s, UTC).date()
        if end_s - start_s != _DAY_S or start_s % _DAY_S:
            raise ValueError
        page = _page_number(query)
    except (KeyError, ValueError, OverflowError):
        raise _unusable(openai_errors.ERRORS) from None
    _check(query, openai_errors.ERRORS)
    rows = bills.rows(day=day, wires=("openai_chat", "openai_responses", "openai_images"))
    told, more = _slice(rows, page)
    bucket = {
        "object": "bucket",
        "start_time": start_s,
        "end_time": end_s,
        "results": [_openai_result(name, row) for name, row in told],
    }
    return orjson.dumps({"object": "page", "data": [bucket], **more})


def anthropic_page(query: Mapping[str, str], bills: Bills) -> bytes:
    """`GET /v1/organizations/usage_report/messages`. Raises a refusal in Anthropic's words."""
    try:
        starts_at, ends_at = (_instant(query[name]) for name in ("starting_at", "ending_at"))
        if ends_at - starts_at != timedelta(days=1) or starts_at.timestamp() % _DAY_S:
            raise ValueError
        page = _page_number(query)
    except (KeyError, ValueError):
        raise _unusable(anthropic_errors.ERRORS) from None
    _check(query, anthropic_errors.ERRORS)
    rows = bills.rows(day=starts_at.date(), wires=("anthropic_messages",))
    told, more = _slice(rows, page)
    bucket = {
        "starting_at": query["starting_at"],
        "ending_at": query["ending_at"],
        "results": [_anthropic_result(name, row) for name, row in told],
    }
    return orjson.dumps({"data": [bucket], **more})


def _openai_result(name: str, row: Row) -> dict[str, Any]:
    fresh = row.input_tokens + row.image_tokens + row.audio_tokens
    written = row.written_tokens + row.written_long_tokens
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": fresh + row.cached_tokens + written,
        "input_uncached_tokens": fresh,
        "input_text_tokens": row.input_tokens,
        "input_image_tokens": row.image_tokens,
        "input_audio_tokens": row.audio_tokens,
        "input_cached_tokens": row.cached_tokens,
        "input_cache_write_tokens": written,
        "input_cache_write_30m_tokens": row.written_tokens,
        "input_cache_write_12h_tokens": row.written_long_tokens,
        "output_tokens": row.output_tokens,
        "output_text_tokens": row.output_tokens - row.drawn_tokens,
        "output_image_tokens": row.drawn_tokens,
        "output_audio_tokens": 0,
        "num_model_requests": row.requests,
        "project_id": None,
        "user_id": None,
        "api_key_id": None,
        "model": name,
        "batch": None,
        "service_tier": None,
    }


def _anthropic_result(name: str, row: Row) -> dict[str, Any]:
    return {
        "uncached_input_tokens": row.input_tokens + row.image_tokens + row.audio_tokens,
        "cache_creation": {
            "ephemeral_1h_input_tokens": row.written_long_tokens,
            "ephemeral_5m_input_tokens": row.written_tokens,
        },
        "cache_read_input_tokens": row.cached_tokens,
        "output_tokens": row.output_tokens,
        "server_tool_use": {"web_search_requests": row.searches},
        "account_id": None,
        "service_account_id": None,
        "api_key_id": None,
        "workspace_id": None,
        "model": name,
        "service_tier": None,
        "context_window": None,
        "inference_geo": None,
    }


def _slice(rows: list[tuple[str, Row]], page: int) -> tuple[list[tuple[str, Row]], dict[str, Any]]:
    first = page * ROWS_PER_PAGE
    has_more = len(rows) > first + ROWS_PER_PAGE
    more = {"has_more": has_more, "next_page": f"page_{page + 1}" if has_more else None}
    return rows[first : first + ROWS_PER_PAGE], more


def _page_number(query: Mapping[str, str]) -> int:
    cursor = query.get("page", "page_0")
    number = cursor.removeprefix("page_")
    if not (cursor.startswith("page_") and number.isascii() and number.isdigit()):
        raise ValueError
    return int(number)


def _check(query: Mapping[str, str], errors: Mapping[str, Wording]) -> None:
    """Days by model are all that the sandbox keeps."""
    is_by_model = query.get("group_by[]", query.get("group_by")) == "model"
    if not is_by_model or query.get("bucket_width", "1d") != "1d":
        raise _unusable(errors)


def _unusable(errors: Mapping[str, Wording]) -> Exception:
    why = "the sandbox reports one UTC day, in a bucket of 1d, grouped by model"
    return errors["switch"].refusal(why=why)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
