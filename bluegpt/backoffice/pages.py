"""Drawing a staff page: the frame, its menu, and who people are."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bluegpt.accounts.models import Person
from bluegpt.backoffice.areas import open_places

_PAGE_MAX = 10_000


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page in the frame of the staff pages."""
    drawn = {**context, "places": open_places(request)}
    return render(request, f"backoffice/{template}.html", drawn, status=status)


def page_number(request: HttpRequest) -> int:
    """Which page of a list is asked for; the first for anything that is none."""
    wished = request.GET.get("page", "1")
    return int(wished) if wished.isdecimal() and 0 < int(wished) <= _PAGE_MAX else 1


def addresses(person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The e-mail addresses of people who still have an account, in one query."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    found = Person.objects.filter(id__in=wanted).values_list("id", "email")
    return dict(found)
