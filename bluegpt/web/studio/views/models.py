"""The catalogue with its prices: a page for everybody, and the rows of the picker."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bluegpt.accounts.models import Person
from bluegpt.web import fragments
from bluegpt.web.studio import shown


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every model: who makes it, where it runs, what it reads, what it costs."""
    person = request.user
    person_id = person.id if isinstance(person, Person) else None
    groups, drawing = shown.model_groups(person_id), shown.drawing_groups(person_id)
    if fragments.is_wanted(request):
        context = {"model_groups": (*groups, *drawing)}
        return fragments.fragment(request, "studio/_model_picker.html", context)
    context = {"model_groups": groups, "drawing_groups": drawing}
    return render(request, "studio/models.html", context)
