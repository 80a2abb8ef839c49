"""Who may open which staff page: every route, everybody."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from bluegpt.accounts.models import Person
from bluegpt.backoffice.urls import urlpatterns
from bluegpt.core.ids import new_id
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.staff import Area
from tests.backoffice.conftest import LogIn, MakeStaff, give

pytestmark = pytest.mark.django_db

ROUTES: dict[str, URLPattern] = {str(route.name): route for route in urlpatterns}
_PLACES: dict[str, str | int] = {"StringConverter": "openai", "IntConverter": 1}
WHO_IS_REFUSED = ("person", "without_factor", "without_grant", "expired", "other_role")


def _address(name: str) -> str:
    """The address of a route, with an id in each of its places."""
    places = ROUTES[name].pattern.converters
    made: dict[str, UUID | str | int] = {
        key: _PLACES.get(type(converter).__name__, new_id()) for key, converter in places.items()
    }
    return reverse(f"staff:{name}", kwargs=made)


def test_every_route_of_the_staff_pages_is_guarded() -> None:
    unguarded = [name for name, route in ROUTES.items() if not hasattr(route.callback, "area")]

    assert unguarded == []


def test_every_area_of_the_manifest_has_its_pages() -> None:
    opened = {getattr(route.callback, "area", None) for route in ROUTES.values()}

    assert opened >= set(Area)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_stranger_is_sent_to_the_log_in(client: Client, name: str) -> None:
    for method in ("get", "post"):
        response = getattr(client, method)(_address(name))

        assert response.status_code in {302, 405}
        if response.status_code == 302:
            assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", sorted(ROUTES))
@pytest.mark.parametrize("who", WHO_IS_REFUSED)
def test_nobody_else_comes_in(
    make_staff: MakeStaff, log_in: LogIn, ada: Person, who: str, name: str
) -> None:
    area = getattr(ROUTES[name].callback, "area", None)
    if who == "person":
        person = ada
        give(ada.id)  # a role alone does not make somebody staff
    elif who == "without_factor":
        person = make_staff(has_factor=False)
    elif who == "without_grant":
        person = make_staff(role="")
    elif who == "expired":
        person = make_staff(days=-1)
    else:
        if area is None or area in manifest().staff["security"].areas:
            pytest.skip("the other role opens this one too")
        person = make_staff(role="security")
    browser = log_in(person)

    for method in ("get", "post"):
        response = getattr(browser, method)(_address(name))

        assert response.status_code in {403, 405}, (method, response.status_code)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_whoever_has_the_role_comes_in(staff_client: Client, name: str) -> None:
    response = staff_client.get(_address(name))

    # 404: the id names nothing; 405: an act, which is not asked for with GET.
    assert response.status_code in {200, 404, 405}, response.status_code
    if response.status_code == 405:
        assert staff_client.post(_address(name)).status_code in {302, 404, 409, 422}


def test_a_second_factor_that_was_not_shown_is_asked_for(nora: Person, log_in: LogIn) -> None:
    response = log_in(nora, methods=("password",)).get("/staff/holds")

    assert response["Location"] == "/account/2fa/reauthenticate/?next=%2Fstaff%2Fholds"


def test_a_log_in_that_is_not_fresh_is_asked_for_again(nora: Person, log_in: LogIn) -> None:
    stale = log_in(nora, ago_s=15 * 60 + 1)

    assert stale.get("/staff/holds")["Location"].startswith("/account/reauthenticate/?next=")
    # What was being sent is not done after it: it is sent once more by whoever means it.
    assert stale.post("/staff/holds")["Location"].endswith("?next=%2Fstaff%2F")


def test_a_page_of_the_staff_is_kept_by_no_cache(staff_client: Client) -> None:
    assert "no-store" in staff_client.get("/staff/holds")["Cache-Control"]
