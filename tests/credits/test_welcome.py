"""A new person is welcomed with credits, once."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings as SettingsFixture

from bluegpt.accounts.events import PersonConfirmed
from bluegpt.core.events import publish
from bluegpt.core.settings import Settings
from bluegpt.credits.listeners import welcome
from bluegpt.credits.models import Grant, Transfer
from bluegpt.credits.queries import balances


def _with_welcome(bluegpt: Settings, credits: int) -> Settings:
    return replace(bluegpt, credits=replace(bluegpt.credits, welcome=credits))


@pytest.mark.django_db(transaction=True)
def test_the_welcome_lot_is_there_when_the_address_is_confirmed(person_id: UUID) -> None:
    with transaction.atomic():
        publish(PersonConfirmed(person_id=person_id))

    lot = balances.lots(person_id)[0]
    assert lot.amount_microcredits == 100 * 1_000_000
    assert lot.expires_at is None


@pytest.mark.django_db
def test_news_that_comes_twice_welcomes_once(person_id: UUID, settings: SettingsFixture) -> None:
    welcome(PersonConfirmed(person_id=person_id))
    settings.BLUEGPT = _with_welcome(settings.BLUEGPT, 7)

    welcome(PersonConfirmed(person_id=person_id))

    assert len(balances.lots(person_id)) == 1


@pytest.mark.django_db
def test_the_books_name_the_wallet_and_not_the_person(person_id: UUID) -> None:
    welcome(PersonConfirmed(person_id=person_id))

    lot, line = Grant.objects.get(), Transfer.objects.get()
    assert lot.source_id == str(balances.wallet_of(person_id))
    assert line.reference == f"welcome:{lot.source_id}"


@pytest.mark.django_db
def test_no_welcome_when_the_setting_is_zero(person_id: UUID, settings: SettingsFixture) -> None:
    settings.BLUEGPT = _with_welcome(settings.BLUEGPT, 0)

    welcome(PersonConfirmed(person_id=person_id))

    assert balances.wallet_of(person_id) is None
