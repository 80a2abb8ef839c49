"""The registers on a page, and as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import staff_page
from bluegpt.privacy.queries import register_sheets, registers
from bluegpt.privacy.types.staff import Area


@staff_page(Area.REGISTERS)
def show(request: HttpRequest) -> HttpResponse:
    """Activities, processors and transfers, as the manifest has them today."""
    context = {
        "activities": registers.activities(),
        "processors": registers.processors(),
        "transfers": registers.transfers(),
        "sheets": register_sheets.SHEETS,
    }
    return pages.show(request, "registers", context)


@staff_page(Area.REGISTERS)
def sheet(request: HttpRequest, sheet: str) -> HttpResponse:
    """One register for a spreadsheet, in the reader's language."""
    if sheet not in register_sheets.SHEETS:
        raise Http404
    text = register_sheets.as_csv(sheet, language=get_language() or "en")
    headers = {"Content-Disposition": f'attachment; filename="{sheet}.csv"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)


@staff_page(Area.REGISTERS)
def page(request: HttpRequest) -> HttpResponse:
    """All registers in one page to keep."""
    text = register_sheets.as_html(language=get_language() or "en")
    headers = {"Content-Disposition": 'attachment; filename="register.html"'}
    return HttpResponse(text, headers=headers)
