"""What happens to an account as a whole."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from bluegpt.accounts.errors import AddressTaken, BadAddress, UnknownChoice, WeakPassword
from bluegpt.accounts.events import PersonConfirmed
from bluegpt.accounts.models import Person
from bluegpt.accounts.rules.erased import erased_email
from bluegpt.core import clock
from bluegpt.core.events import publish

THEMES = ("", "light", "dark")


def create_person(*, email: str, password: str, is_staff: bool = False) -> Person:
    """Make an account whose address counts as confirmed, for the operator and for demonstrations.

    Raises BadAddress, AddressTaken or WeakPassword. Publishes PersonConfirmed.
    """
    person = Person(email=email.strip().lower(), is_staff=is_staff)
    try:
        validate_email(person.email)
    except ValidationError as wrong:
        raise BadAddress from wrong
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise WeakPassword(weak.messages) from None
    person.set_password(password)
    try:
        with transaction.atomic():
            _insist_on_free_address(person.email)
            person.save(force_insert=True)
            EmailAddress.objects.create(
                user=person, email=person.email, verified=True, primary=True
            )
            confirm(person_id=person.id)
    except IntegrityError as taken:
        raise AddressTaken from taken
    person.refresh_from_db()
    return person


def confirm(*, person_id: UUID) -> bool:
    """Note the first confirmation of an address and publish PersonConfirmed.

    True for the call that did it. Any later call, at a change of address or in a race, does
    nothing: the row's own condition decides, so the event is published once per person.
    """
    with transaction.atomic():
        unconfirmed = Person.objects.filter(id=person_id, confirmed_at=None)
        is_first = unconfirmed.update(confirmed_at=clock.now()) == 1
        if is_first:
            publish(PersonConfirmed(person_id=person_id))
    return is_first


def set_language(*, person_id: UUID, language: str) -> None:
    """Remember the language that a person chose; "" follows the browser. Raises UnknownChoice."""
    if language and language not in dict(settings.LANGUAGES):
        raise UnknownChoice
    Person.objects.filter(id=person_id).update(language=language)


def set_theme(*, person_id: UUID, theme: str) -> None:
    """Remember light or dark; "" follows the device. Raises UnknownChoice."""
    if theme not in THEMES:
        raise UnknownChoice
    Person.objects.filter(id=person_id).update(theme=theme)


def _insist_on_free_address(email: str) -> None:
    taken = EmailAddress.objects.filter(email=email).exists()
    if taken or Person.objects.filter(email=email).exists():
        raise AddressTaken


def empty(*, person_id: UUID) -> None:
    """Leave nothing of who the person is in a row that other rows still hang on. Repeatable."""
    Person.objects.filter(id=person_id).update(
        email=erased_email(person_id),
        password="",
        language="",
        theme="",
        last_login=None,
        is_staff=False,
        is_active=False,
    )
