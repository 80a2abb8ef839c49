"""Who a session stands for: nobody, once the account is closed."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser


class OpenAccountBackend(AuthenticationBackend):
    """A closed account has no sessions, not even one that was made while it was being closed.

    The password still shows that it is them (`authenticate`): that leads to the reopening, see
    `bluegpt.accounts.adapters.reopening`, and not to a session.
    """

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """The person of a session, if their account is open."""
        return _open(super().get_user(user_id))

    async def aget_user(self, user_id: Any) -> AbstractBaseUser | None:
        """The same for views that are async."""
        return _open(await super().aget_user(user_id))


def _open(person: Any) -> AbstractBaseUser | None:
    return person if person is not None and person.closed_at is None else None
