"""Staff with everything a staff page asks for, and everybody who lacks one of these things."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core import clock
from bluegpt.privacy.models import StaffGrant
from bluegpt.privacy.queries.manifest import manifest

PASSWORD = "Correct-horse-9-battery"
MakeStaff = Callable[..., Person]
LogIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> Iterator[None]:
    settings.STATIC_ROOT.mkdir(exist_ok=True, parents=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    manifest.cache_clear()
    yield
    manifest.cache_clear()


def give(person_id: UUID, role: str = "protection", *, days: int = 30) -> StaffGrant:
    """A grant as the table has it; a negative number of days is one that has ended."""
    now = clock.now()
    return StaffGrant.objects.create(
        person_id=person_id,
        role=role,
        granted_at=now - timedelta(days=60),
        ends_at=now + timedelta(days=days),
    )


@pytest.fixture
def make_staff(db: None) -> MakeStaff:
    """Somebody of the staff with a second factor and a role, unless told otherwise."""

    def make(
        email: str = "nora@example.org",
        *,
        role: str = "protection",
        days: int = 30,
        has_factor: bool = True,
    ) -> Person:
        person = people.create_person(email=email, password=PASSWORD, is_staff=True)
        if has_factor:
            Authenticator.objects.create(
                user=person, type=Authenticator.Type.TOTP, data={"secret": "sealed"}
            )
        if role:
            give(person.id, role, days=days)
        return person

    return make


@pytest.fixture
def log_in() -> LogIn:
    """A browser in which somebody is logged in: with both steps and just now, by default."""

    def enter(
        person: Person, *, methods: tuple[str, ...] = ("password", "mfa"), ago_s: int = 1
    ) -> Client:
        client = Client()
        client.force_login(person)
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": method, "at": time.time() - ago_s} for method in methods
        ]
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(person.id)
        session.save()
        return client

    return enter


@pytest.fixture
def nora(make_staff: MakeStaff) -> Person:
    """Data protection."""
    return make_staff()


@pytest.fixture
def staff_client(nora: Person, log_in: LogIn) -> Client:
    """Nora's browser."""
    return log_in(nora)


@pytest.fixture
def ada(db: None) -> Person:
    """A person with an account, about whom things are recorded."""
    return people.create_person(email="ada@example.org", password=PASSWORD)
