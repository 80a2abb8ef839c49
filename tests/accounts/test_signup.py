"""Opening an account: two fields, a code by mail, and no word about who else is here."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from bluegpt.accounts.events import PersonConfirmed
from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from tests.accounts.conftest import (
    OTHER_PASSWORD,
    PASSWORD,
    NewPerson,
    log_in,
    mailed_code,
    normalised,
    text,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

SIGNUP = "/account/signup/"
CONFIRM = "/account/confirm-email/"


def sign_up(client: Client, email: str = "Ada@Example.org", **headers: str) -> None:
    answer = client.post(SIGNUP, {"email": email, "password1": PASSWORD}, headers=headers)
    assert (answer.status_code, answer["Location"]) == (302, CONFIRM)


def test_the_form_says_what_is_needed_and_why(client: Client) -> None:
    page = text(client.get(SIGNUP))

    assert "Nothing else is asked" in page
    assert page.count("Without it there can be no account") == 2
    assert "at least 15 years old" in page
    assert "checkbox" not in page


def test_a_code_by_mail_opens_the_account_once(
    client: Client, confirmations: list[PersonConfirmed]
) -> None:
    sign_up(client)
    person = Person.objects.get()
    assert (person.email, person.confirmed_at) == ("ada@example.org", None)
    assert confirmations == []

    answer = client.post(CONFIRM, {"code": mailed_code("ada@example.org").lower()})

    assert answer["Location"] == "/conversations"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert EmailAddress.objects.get().verified
    assert confirmations == [PersonConfirmed(person_id=person.id)]
    client.post("/account/logout/")
    log_in(client, person.email)
    assert len(confirmations) == 1


def test_the_mail_is_plain_text_with_the_code_in_its_subject(client: Client) -> None:
    sign_up(client)

    letter = mail.outbox[0]
    assert letter.to == ["ada@example.org"]
    assert mailed_code("ada@example.org") in letter.body
    assert not getattr(letter, "alternatives", [])
    assert "<" not in letter.body


def test_a_wrong_code_opens_nothing_and_three_end_the_attempt(client: Client) -> None:
    sign_up(client)

    first = client.post(CONFIRM, {"code": "XXXX-XXXX"})
    assert "This code is not right" in text(first)
    assert 'value="XXXX-XXXX"' in text(first)
    client.post(CONFIRM, {"code": "XXXX-XXXX"})
    last = client.post(CONFIRM, {"code": "XXXX-XXXX"})

    assert last["Location"] == "/account/login/"
    assert "Too many attempts" in text(client.get(last["Location"]))
    assert not EmailAddress.objects.get().verified


def test_a_new_code_replaces_the_old_one(client: Client) -> None:
    sign_up(client)
    old = mailed_code("ada@example.org")
    cache.clear()  # one mail in ten seconds is the limit

    client.post(CONFIRM, {"action": "resend"})
    new = mailed_code("ada@example.org")

    assert new != old
    assert "This code is not right" in text(client.post(CONFIRM, {"code": old}))
    assert client.post(CONFIRM, {"code": new})["Location"] == "/conversations"


def test_an_unconfirmed_account_is_asked_for_a_code_at_log_in(client: Client) -> None:
    sign_up(client)
    cache.clear()  # one mail in ten seconds is the limit
    later = Client()

    assert log_in(later, "ada@example.org")["Location"] == CONFIRM
    assert later.post(CONFIRM, {"code": mailed_code("ada@example.org")}).status_code == 302
    assert Person.objects.get().confirmed_at is not None


@pytest.mark.parametrize("weak", ["plum", "hello world", "azertyuiopqsdfgh"])
def test_a_weak_password_keeps_the_address_and_never_the_password(
    client: Client, weak: str
) -> None:
    page = text(client.post(SIGNUP, {"email": "ada@example.org", "password1": weak}))

    assert "too easy to guess" in page
    assert 'value="ada@example.org"' in page
    assert f'value="{weak}"' not in page
    assert not Person.objects.exists()


def test_a_known_and_an_unknown_address_get_the_same_answers(new_person: NewPerson) -> None:
    new_person("known@example.org")
    pages = []
    for email in ("known@example.org", "nobody@example.org"):
        client = Client()
        sign_up(client, email)
        shown = client.get(CONFIRM)
        wrong = client.post(CONFIRM, {"code": "XXXX-XXXX"})
        pages.append(
            [
                (answer.status_code, normalised(answer).replace(email, "somebody"))
                for answer in (shown, wrong)
            ]
        )
        assert set(client.cookies) == {"csrftoken", "sessionid"}

    assert pages[0] == pages[1]


def test_the_owner_of_a_known_address_is_told_and_nothing_changes(
    client: Client, person: Person
) -> None:
    client.post(SIGNUP, {"email": person.email, "password1": OTHER_PASSWORD})

    assert [letter.to for letter in mail.outbox] == [[person.email]]
    assert "already have" in mail.outbox[0].subject
    assert "/account/password/reset/" in mail.outbox[0].body
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_the_language_of_the_sign_up_is_kept(client: Client) -> None:
    sign_up(client, **{"accept-language": "fr-FR,fr;q=0.9,en;q=0.5"})

    assert Person.objects.get().language == "fr"


def test_a_confirmation_that_got_lost_is_made_up_for_at_log_in(
    client: Client, person: Person, confirmations: list[PersonConfirmed]
) -> None:
    Person.objects.update(confirmed_at=None)

    log_in(client, person.email)

    assert confirmations == [PersonConfirmed(person_id=person.id)]
    assert not people.confirm(person_id=person.id)
