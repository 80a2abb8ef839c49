"""A provider's report of a day, fetched or from a file, beside what we charged for that day."""

from datetime import date

from bluegpt.core import clock
from bluegpt.core.threads import in_thread
from bluegpt.providers.services import usage_reports
from bluegpt.providers.types.reports import ReportFormat
from bluegpt.studio.errors import DayNotOver
from bluegpt.studio.services.reconciliation import Report, reconcile
from bluegpt.studio.types.reconciling import ModelDay


async def with_report(form: ReportFormat, *, day: date) -> tuple[ModelDay, ...]:
    """Compare a day with what the provider's own interface says.

    Raises DayNotOver, NoReportAccess, UnreadableReport and the errors of a provider that cannot
    be reached; then nothing has changed.
    """
    _check_is_over(day)
    report = Report()
    async for row in usage_reports.rows(form, day=day):
        report.add(row)
    return await in_thread(reconcile, recipient=form.value, day=day, report=report)


async def with_file(form: ReportFormat, text: str, *, day: date) -> tuple[ModelDay, ...]:
    """The same with a report that somebody has fetched. Raises DayNotOver, UnreadableReport."""
    _check_is_over(day)
    report = Report()
    for row in usage_reports.rows_of_file(text, form, day=day):
        report.add(row)
    return await in_thread(reconcile, recipient=form.value, day=day, report=report)


def _check_is_over(day: date) -> None:
    if day >= clock.now().date():
        raise DayNotOver
