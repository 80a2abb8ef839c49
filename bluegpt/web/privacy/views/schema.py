"""The form of the published manifest."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluegpt.privacy.queries.manifest import schema_json


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """A JSON Schema that every published manifest satisfies."""
    return HttpResponse(schema_json(), content_type="application/schema+json")
