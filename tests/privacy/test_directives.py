"""What is to follow a person's death: laid down, changed, looked at, revoked."""

import pytest

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.directives import (
    NobodyTrusted,
    TrustedUnreachable,
    WishNotPossible,
)
from bluegpt.privacy.models import Directive, TrustedPerson
from bluegpt.privacy.queries.directive_preview import preview
from bluegpt.privacy.queries.directives import directions
from bluegpt.privacy.services import directives
from bluegpt.privacy.types.directives import Wish
from bluegpt.privacy.types.requests import Contact

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(databases=["default", "vault"]),
]

TRUSTED = Contact(name="Ines Moreau", email="ines@example.org", post="1 rue Bleue, Paris")
WISHES = {DataClass.CONTENT: Wish.HAND_OVER, DataClass.IDENTITY: Wish.ERASE}


@pytest.fixture
def nadia() -> Person:
    return people.create_person(email="nadia@example.org", password="Correct-horse-9-battery")


def test_directions_are_what_was_laid_down_last(nadia: Person) -> None:
    directives.lay_down(person_id=nadia.id, wishes=WISHES, trusted=TRUSTED)
    directives.lay_down(person_id=nadia.id, wishes={DataClass.CONTENT: Wish.ERASE}, trusted=TRUSTED)

    known = directions(nadia.id)
    assert (known.wishes, known.trusted) == ({DataClass.CONTENT: Wish.ERASE}, TRUSTED)


def test_the_trusted_persons_name_and_address_are_sealed(nadia: Person) -> None:
    directives.lay_down(person_id=nadia.id, wishes=WISHES, trusted=TRUSTED)

    [sealed] = TrustedPerson.objects.values_list("contact_sealed", flat=True)
    assert b"Moreau" not in bytes(sealed)
    assert b"ines" not in bytes(sealed)


def test_directions_are_revocable_and_the_trusted_person_is_forgotten(nadia: Person) -> None:
    directives.lay_down(person_id=nadia.id, wishes=WISHES, trusted=TRUSTED)

    directives.revoke(person_id=nadia.id)

    known = directions(nadia.id)
    assert (known.wishes, known.trusted, known.given_at) == ({}, None, None)
    assert not TrustedPerson.objects.exists()
    assert Directive.objects.filter(revoked_at=None).count() == 0


def test_nothing_is_handed_to_nobody_or_to_somebody_without_an_address(nadia: Person) -> None:
    with pytest.raises(NobodyTrusted):
        directives.lay_down(person_id=nadia.id, wishes=WISHES, trusted=None)
    for trusted in (
        Contact(name="Ines"),
        Contact(email="i@example.org"),
        Contact(name="I", email="x"),
    ):
        with pytest.raises(TrustedUnreachable):
            directives.lay_down(person_id=nadia.id, wishes=WISHES, trusted=trusted)

    assert directions(nadia.id).wishes == {}


@pytest.mark.parametrize("data_class", [DataClass.METERING, DataClass.REQUEST, DataClass.TECHNICAL])
def test_what_serves_as_proof_is_not_the_persons_to_dispose_of(
    nadia: Person, data_class: DataClass
) -> None:
    with pytest.raises(WishNotPossible):
        directives.lay_down(person_id=nadia.id, wishes={data_class: Wish.ERASE}, trusted=None)


def test_the_preview_counts_what_each_direction_would_touch_and_touches_nothing(
    nadia: Person,
) -> None:
    directives.lay_down(person_id=nadia.id, wishes=WISHES, trusted=TRUSTED)

    foreseen = {each.data_class: each for each in preview(nadia.id)}

    identity, content = foreseen[DataClass.IDENTITY], foreseen[DataClass.CONTENT]
    touched = {one.table.model: one.rows for one in identity.touched}
    assert (identity.wish, touched["accounts.Person"]) == (Wish.ERASE, 1)
    assert touched["account.EmailAddress"] == 1
    assert (content.wish, content.receiver, content.rows) == (Wish.HAND_OVER, "Ines Moreau", 0)
    assert Person.objects.filter(id=nadia.id).exists()


def test_somebody_who_laid_nothing_down_has_an_empty_preview(nadia: Person) -> None:
    assert preview(nadia.id) == ()
