"""What a provider says was used on a day: from its report, or from a file with one."""

import json
from collections.abc import AsyncGenerator, Iterator
from datetime import date

from django.conf import settings

from bluegpt.providers.adapters.usage_reports import pages as adapter
from bluegpt.providers.errors import NoReportAccess, UnreadableReport
from bluegpt.providers.rules.usage_reports import page_from
from bluegpt.providers.types.reports import ReportAccess, ReportedUsage, ReportFormat


def has_access(form: ReportFormat) -> bool:
    """Whether there is a key to read this report with."""
    return bool(_access(form).api_key)


async def rows(form: ReportFormat, *, day: date) -> AsyncGenerator[ReportedUsage, None]:
    """The rows of one UTC day, page by page.

    Raises NoReportAccess, UnreadableReport, ProviderMisconfigured, ProviderBusy, ProviderDown.
    A report that is silent about the day is unreadable: it does not say that nothing was used.
    """
    access = _access(form)
    if not access.api_key:
        raise NoReportAccess
    is_told = False
    async for page in adapter.pages(access, day=day):
        is_told |= day in page.days
        for row in page.rows:
            if row.day == day:
                yield row
    if not is_told:
        raise UnreadableReport


def rows_of_file(text: str, form: ReportFormat, *, day: date) -> Iterator[ReportedUsage]:
    """The rows of one day in a file: a page as the provider gives it, or several.

    Several stand in a list, or one to a line. Raises UnreadableReport, also for a file that is
    silent about the day, or whose last page says that there are more: what it leaves out would
    look like an over-charge.
    """
    found = [page_from(body, form=form) for body in _bodies(text)]
    if not found or found[-1].next_page or not any(day in page.days for page in found):
        raise UnreadableReport
    for page in found:
        yield from (row for row in page.rows if row.day == day)


def _bodies(text: str) -> list[object]:
    try:
        whole = json.loads(text)
    except ValueError:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError as wrong:
            raise UnreadableReport from wrong
    return whole if isinstance(whole, list) else [whole]


def _access(form: ReportFormat) -> ReportAccess:
    providers = settings.BLUEGPT.providers
    if form is ReportFormat.OPENAI:
        return ReportAccess(
            format=form, base_url=providers.openai.base_url, api_key=providers.openai_admin_key
        )
    return ReportAccess(
        format=form, base_url=providers.anthropic.base_url, api_key=providers.anthropic_admin_key
    )
