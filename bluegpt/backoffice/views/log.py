"""The log of what staff did."""

from django.http import HttpRequest, HttpResponse

from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import staff_page
from bluegpt.privacy.queries import staff_log
from bluegpt.privacy.types.staff import Area


@staff_page(Area.LOG)
def listing(request: HttpRequest) -> HttpResponse:
    """The acts, the newest first, and whether the chain holds."""
    page = pages.page_number(request)
    entries = staff_log.entries(page=page)
    context = {
        "entries": entries,
        "people": pages.addresses(entry.act.actor_id for entry in entries),
        "verified": staff_log.verify(),
        "page_number": page,
        "has_more": len(entries) == staff_log.PAGE,
    }
    return pages.show(request, "log", context)
