"""The last step of a log-in to a closed account: it asks whether to open the account again."""

from typing import Any

from allauth.account.stages import LoginStage
from django.http import HttpResponse
from django.shortcuts import redirect

from bluegpt.accounts.types import REOPENING_STAGE

REOPENING_PAGE = "accounts:reopening"


class ReopeningStage(LoginStage):
    """Comes after every other step, the second factor included: only its owner sees the question.

    The log-in waits here and is never finished while the account is closed.
    """

    key = REOPENING_STAGE
    urlname = REOPENING_PAGE

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Nothing for an open account; the question for a closed one."""
        person: Any = self.login.user
        if person is None or person.closed_at is None:
            return None, True
        return redirect(REOPENING_PAGE), True
