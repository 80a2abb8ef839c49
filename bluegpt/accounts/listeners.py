"""Reactions to what allauth reports."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed, user_logged_in
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in as session_begun
from django.db import transaction
from django.db.models.signals import post_init, pre_save
from django.dispatch import receiver

from bluegpt.accounts.adapters.factors import bind_row, seal_row
from bluegpt.accounts.events import AddressChanged
from bluegpt.accounts.models import Person
from bluegpt.accounts.services import activity, people
from bluegpt.core.events import publish


@receiver(email_confirmed, dispatch_uid="accounts.first_confirmation")
def note_confirmation(email_address: EmailAddress, **_more: Any) -> None:
    """The first confirmed address opens the account; a changed one later does not open it again."""
    people.confirm(person_id=email_address.user_id)


@receiver(email_changed, dispatch_uid="accounts.address_changed")
def tell_of_address(user: Person, **_more: Any) -> None:
    """Say so to those above, once the address is confirmed and in use."""
    with transaction.atomic():
        publish(AddressChanged(person_id=user.id))


@receiver(user_logged_in, dispatch_uid="accounts.late_confirmation")
def catch_up_confirmation(user: Person, **_more: Any) -> None:
    """Nobody is logged in unconfirmed: mends an account whose process died in between."""
    if user.confirmed_at is None:
        people.confirm(person_id=user.id)


@receiver(session_begun, dispatch_uid="accounts.activity")
def note_log_in(user: Person, **_more: Any) -> None:
    """Whoever logs in uses the account."""
    activity.note(person_id=user.id)


@receiver(pre_save, sender=Authenticator, dispatch_uid="accounts.seal_factor")
def seal_factor(instance: Authenticator, **_more: Any) -> None:
    """No authenticator secret reaches the table in clear."""
    seal_row(instance)


@receiver(post_init, sender=Authenticator, dispatch_uid="accounts.bind_factor")
def bind_factor(instance: Authenticator, **_more: Any) -> None:
    """A loaded secret knows its owner, who alone can open it."""
    bind_row(instance)
