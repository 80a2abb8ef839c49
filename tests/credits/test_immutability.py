"""Rows of the journal, its blocks and the price book cannot be edited, by anybody."""

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from bluegpt.credits.models import Account, Block, Grant, Price, PriceVersion, Transfer
from bluegpt.credits.services import blocks
from tests.credits import books

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.mark.parametrize("model", [Transfer, Price, PriceVersion, Block])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_refuses_to_change_a_row(
    model: type[Model], verb: str, rich_person: UUID
) -> None:
    blocks.seal()
    table, column = model._meta.db_table, model._meta.pk.column
    before = model._default_manager.count()

    with (
        pytest.raises(IntegrityError, match="immutable"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table, column))

    assert model._default_manager.count() == before > 0


def test_a_wallet_cannot_be_overdrawn_even_by_hand(rich_person: UUID) -> None:
    wallet = Account.objects.filter(owner_id=rich_person)

    with pytest.raises(IntegrityError), transaction.atomic():
        wallet.update(pending=1_001)

    assert wallet.get().pending == 0


def test_a_lot_cannot_give_more_than_it_has_even_by_hand(rich_person: UUID) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.update(used_microcredits=600, held_microcredits=401)

    assert Grant.objects.get().held_microcredits == 0


def test_a_pending_transfer_is_resolved_once_even_by_hand(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 10)
    books.settle(ticket.id, 10)
    post = Transfer.objects.get(kind="post")

    post.sequence, post.id = None, ticket.person_id
    with pytest.raises(IntegrityError), transaction.atomic():
        post.save(force_insert=True)

    assert Transfer.objects.filter(kind="post").count() == 1
