"""Reading a page of a provider's usage report: rows by model and UTC day.

Sources: OpenAI's `GET /organization/usage/completions`, as the `openai` package describes it, and
Anthropic's `GET /v1/organizations/usage_report/messages`, as its documentation does. Both group
by model, in buckets of a day, and name the next page.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from bluegpt.providers.errors import MalformedReply, UnreadableReport
from bluegpt.providers.rules.counts import count, details, required, rest
from bluegpt.providers.types.reports import ReportedUsage, ReportFormat, ReportPage
from bluegpt.providers.types.usage import Usage, UsageSource

_DAY_S = 86_400
_OPENAI_RESULT = "organization.usage.completions.result"


def page_from(body: object, *, form: ReportFormat) -> ReportPage:
    """One page of a report. Raises UnreadableReport for anything else."""
    read_bucket = _READERS[form]
    try:
        page = _mapping(body)
        buckets = [read_bucket(bucket) for bucket in _listed(page["data"])]
        next_page = page.get("next_page") if page["has_more"] else ""
    except (MalformedReply, KeyError, TypeError, ValueError, OverflowError, OSError) as wrong:
        raise UnreadableReport from wrong
    if not isinstance(next_page, str) or (page["has_more"] and not next_page):
        raise UnreadableReport
    return ReportPage(
        days=frozenset(day for day, _rows in buckets),
        rows=tuple(row for _day, rows in buckets for row in rows),
        next_page=next_page,
    )


_Bucket = tuple[date, tuple[ReportedUsage, ...]]


def _openai_bucket(bucket: Mapping[str, Any]) -> _Bucket:
    start_s, end_s = required(bucket, "start_time"), required(bucket, "end_time")
    if end_s - start_s > _DAY_S:
        raise ValueError("a bucket of more than a day")
    day = datetime.fromtimestamp(start_s, UTC).date()
    return day, tuple(
        ReportedUsage(wire_name=_name(result), day=day, usage=_openai_usage(result))
        for result in _listed(bucket["results"])
        if result.get("object") == _OPENAI_RESULT
    )


def _openai_usage(result: Mapping[str, object]) -> Usage:
    """The input holds cached reads and cache writes; pictures and audio are told uncached."""
    cached = count(result, "input_cached_tokens")
    long = count(result, "input_cache_write_12h_tokens")
    written = count(result, "input_cache_write_tokens")
    written = max(written, long + count(result, "input_cache_write_30m_tokens"))
    image = count(result, "input_image_tokens")
    audio = count(result, "input_audio_tokens")
    return Usage(
        input_tokens=rest(required(result, "input_tokens"), cached, written, image, audio),
        cached_input_tokens=cached,
        cache_write_tokens=rest(written, long),
        cache_write_long_tokens=long,
        image_input_tokens=image,
        audio_input_tokens=audio,
        output_tokens=required(result, "output_tokens"),
        image_output_tokens=count(result, "output_image_tokens"),
        audio_output_tokens=count(result, "output_audio_tokens"),
        source=UsageSource.FINAL,
    )


def _anthropic_bucket(bucket: Mapping[str, Any]) -> _Bucket:
    starts_at, ends_at = (_instant(bucket[name]) for name in ("starting_at", "ending_at"))
    if (ends_at - starts_at).total_seconds() > _DAY_S:
        raise ValueError("a bucket of more than a day")
    day = starts_at.date()
    return day, tuple(
        ReportedUsage(wire_name=_name(result), day=day, usage=_anthropic_usage(result))
        for result in _listed(bucket["results"])
    )


def _anthropic_usage(result: Mapping[str, object]) -> Usage:
    """The kinds of input do not overlap; thinking is inside the output."""
    written = details(result, "cache_creation")
    return Usage(
        input_tokens=required(result, "uncached_input_tokens"),
        cached_input_tokens=count(result, "cache_read_input_tokens"),
        cache_write_tokens=count(written, "ephemeral_5m_input_tokens"),
        cache_write_long_tokens=count(written, "ephemeral_1h_input_tokens"),
        output_tokens=required(result, "output_tokens"),
        searches=count(details(result, "server_tool_use"), "web_search_requests"),
        source=UsageSource.FINAL,
    )


_READERS: Mapping[ReportFormat, Callable[[Mapping[str, Any]], _Bucket]] = {
    ReportFormat.OPENAI: _openai_bucket,
    ReportFormat.ANTHROPIC: _anthropic_bucket,
}


def day_bounds_s(day: date) -> tuple[int, int]:
    """The first second of a UTC day, and that of the next, since 1970."""
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return start, start + _DAY_S


def _name(result: Mapping[str, Any]) -> str:
    """The model; empty for what a provider books without one."""
    name = result.get("model")
    if name is not None and not isinstance(name, str):
        raise ValueError("a model that is no name")
    return name or ""


def _instant(value: object) -> datetime:
    if not isinstance(value, str):
        raise TypeError("an instant that is no text")
    return datetime.fromisoformat(value).astimezone(UTC)


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    return value


def _listed(value: object) -> Iterator[Mapping[str, Any]]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return map(_mapping, value)
