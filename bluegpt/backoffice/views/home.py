"""What is open to whoever asks."""

from django.http import HttpRequest, HttpResponse

from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import staff_page


@staff_page(None)
def home(request: HttpRequest) -> HttpResponse:
    """The areas that the person's roles open."""
    return pages.show(request, "home", {})
