"""A statement of any period: on the page, and as files that can be checked elsewhere."""

from collections.abc import AsyncIterator, Callable, Iterator

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from bluegpt.core.errors import Refused
from bluegpt.credits.queries import statement_documents, statements
from bluegpt.credits.queries.totals import totals
from bluegpt.credits.types import Statement
from bluegpt.web.credits import shown, words
from bluegpt.web.credits.forms import PeriodForm
from bluegpt.web.credits.periods import presets, this_month
from bluegpt.web.person import person_id_of

_PAGE_LINES = 50
_CURSOR_MAX = 2**63 - 1


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """Opening, movements, closing of `?from=` to `?until=`; this month when neither is named."""
    form = _asked(request)
    context = {"form": form, "presets": presets()}
    if not form.is_valid():
        return render(request, "credits/statement.html", context, status=422)
    person_id = person_id_of(request)
    period = form.period()
    cursor = _cursor(request)
    found = statements.statement(
        person_id=person_id,
        from_at=period.from_at,
        until_at=period.until_at,
        cursor=cursor,
        limit=_PAGE_LINES,
    )
    moved = totals(person_id=person_id, from_at=period.from_at, until_at=period.until_at)
    context |= {
        "period": period,
        "statement": found,
        "sums": words.sums(moved),
        "rows": shown.with_cases(person_id, shown.rows(person_id, found.lines)),
        "carried_microcredits": _carried(found),
        "is_first": not cursor,
    }
    return render(request, "credits/statement.html", context)


@login_required
@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The whole period for a spreadsheet."""
    return _download(request, statement_documents.as_csv, "csv", "text/csv; charset=utf-8")


@login_required
@require_safe
def as_json(request: HttpRequest) -> StreamingHttpResponse:
    """The whole period with its proof, for a program and for the check offline."""
    return _download(request, statement_documents.as_json, "json", "application/json")


def _download(
    request: HttpRequest, make: Callable[..., Iterator[bytes]], ending: str, content_type: str
) -> StreamingHttpResponse:
    form = _asked(request)
    if not form.is_valid():
        raise Refused(" ".join(str(each) for found in form.errors.values() for each in found))
    period = form.period()
    parts = make(person_id=person_id_of(request), from_at=period.from_at, until_at=period.until_at)
    response = StreamingHttpResponse(_in_own_thread(parts), content_type=content_type)
    name = f"credits-{period.first_day.isoformat()}-{period.last_day.isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


async def _in_own_thread(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Part by part from the request's thread, which has its connection to the database.

    Django would read a plain iterator to its end before it sends the first byte.
    """
    following = sync_to_async(lambda: next(parts, None))
    try:
        while (part := await following()) is not None:
            yield part
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            await sync_to_async(close)()


def _carried(found: Statement) -> int:
    """The balance before the first line of a page, in microcredits."""
    if not found.lines:
        return found.opening_microcredits
    first = found.lines[0]
    return first.balance_after_microcredits - first.amount_microcredits


def _asked(request: HttpRequest) -> PeriodForm:
    if "from" in request.GET or "until" in request.GET:
        return PeriodForm(request.GET)
    usual = this_month()
    return PeriodForm({"from": usual.first_day.isoformat(), "until": usual.last_day.isoformat()})


def _cursor(request: HttpRequest) -> int:
    """Where a page begins; what is no number of ours begins at the beginning."""
    asked = request.GET.get("cursor", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= len(str(_CURSOR_MAX))
    return min(int(asked), _CURSOR_MAX) if is_number else 0
