"""Accounts made and changed by services."""

from uuid import UUID

import pytest
from allauth.account.models import EmailAddress

from bluegpt.accounts import errors
from bluegpt.accounts.events import PersonConfirmed
from bluegpt.accounts.models import Person
from bluegpt.accounts.queries import people as queries
from bluegpt.accounts.services import people
from tests.accounts.conftest import PASSWORD, NewPerson

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.both_databases,
]


def test_a_created_person_is_confirmed_once(confirmations: list[PersonConfirmed]) -> None:
    person = people.create_person(email=" Ada@Example.org ", password=PASSWORD)

    assert person.email == "ada@example.org"
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person).verified
    assert confirmations == [PersonConfirmed(person_id=person.id)]


def test_a_second_confirmation_publishes_nothing(
    person: Person, confirmations: list[PersonConfirmed]
) -> None:
    confirmed_at = person.confirmed_at

    assert not people.confirm(person_id=person.id)
    assert not people.confirm(person_id=person.id)

    person.refresh_from_db()
    assert person.confirmed_at == confirmed_at
    assert confirmations == []


def test_an_address_is_taken_however_it_is_capitalised(new_person: NewPerson) -> None:
    new_person("ada@example.org")

    with pytest.raises(errors.AddressTaken):
        people.create_person(email="ADA@example.org", password=PASSWORD)
    assert Person.objects.count() == 1


def test_a_weak_password_makes_no_account_and_says_what_would_do() -> None:
    with pytest.raises(errors.WeakPassword) as refusal:
        people.create_person(email="ada@example.org", password="ada")

    assert "5 random words" in str(refusal.value)
    assert not Person.objects.exists()


def test_the_address_itself_is_no_password() -> None:
    with pytest.raises(errors.WeakPassword):
        people.create_person(email="adalovelace9@example.org", password="Adalovelace9@example.org")


def test_a_text_that_is_no_address_is_refused() -> None:
    with pytest.raises(errors.BadAddress):
        people.create_person(email="ada at example", password=PASSWORD)


def test_language_and_theme_are_remembered(person: Person) -> None:
    people.set_language(person_id=person.id, language="fr")
    people.set_theme(person_id=person.id, theme="dark")

    facts = queries.person(person.id)
    assert (facts.language, facts.theme) == ("fr", "dark")


@pytest.mark.parametrize("choose", [people.set_language, people.set_theme])
def test_an_unknown_choice_is_refused(person: Person, choose: object) -> None:
    wanted = {"language": "xx"} if choose is people.set_language else {"theme": "pink"}

    with pytest.raises(errors.UnknownChoice):
        choose(person_id=person.id, **wanted)  # type: ignore[operator]


def test_a_person_is_found_by_any_spelling_of_the_address(person: Person) -> None:
    assert queries.person_by_email(" ADA@example.ORG ").id == person.id
    with pytest.raises(errors.UnknownPerson):
        queries.person_by_email("nobody@example.org")
    with pytest.raises(errors.UnknownPerson):
        queries.person(UUID(int=0))


def test_a_person_is_named_by_id_in_logs(person: Person) -> None:
    assert "ada" not in f"{person} {person!r}"
