"""Staff roles: who has which, until when."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.accounts.services.staff import admit
from bluegpt.backoffice import pages
from bluegpt.backoffice.doors import actor_of, staff_page
from bluegpt.backoffice.forms import GrantForm, class_choices
from bluegpt.core.errors import BlueError
from bluegpt.privacy.queries import staff
from bluegpt.privacy.services import staff as services
from bluegpt.privacy.types.staff import Area


@staff_page(Area.GRANTS, methods=("GET", "HEAD", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    """Every grant, what each role may see, and the form for a new grant."""
    form = GrantForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _given(request, form):
        return redirect("staff:grants")
    page = pages.page_number(request)
    found = staff.grants(page=page)
    names = dict(class_choices())
    language = get_language() or "en"
    context = {
        "form": form,
        "grants": found,
        "roles": {role.key: role.name.in_language(language) for role in staff.roles()},
        "matrix": [
            (role.name.in_language(language), [names[each] for each in sorted(role.classes)])
            for role in staff.roles()
        ],
        "people": pages.addresses(
            each for grant in found for each in (grant.person_id, grant.granted_by)
        ),
        "page_number": page,
        "has_more": len(found) == staff.PAGE,
    }
    return pages.show(request, "grants", context, status=422 if form.is_bound else 200)


@staff_page(Area.GRANTS, methods=("POST",))
def revocation(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Take one role back."""
    services.revoke(actor_id=actor_of(request), grant_id=grant_id)
    messages.success(request, _("The role is taken back. It opens nothing from now on."))
    return redirect("staff:grants")


def _given(request: HttpRequest, form: GrantForm) -> bool:
    try:
        chosen = person_by_email(form.cleaned_data["email"])
        services.grant(
            actor_id=actor_of(request),
            person_id=chosen.id,
            role=form.cleaned_data["role"],
            ends_at=form.ends_at(),
        )
        admit(person_id=chosen.id)
    except BlueError as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The role is given."))
    return True
