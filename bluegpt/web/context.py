"""What every page may show, asked for only by the page that shows it."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from bluegpt.accounts.models import Person
from bluegpt.core import money
from bluegpt.credits.queries import balances
from bluegpt.credits.types import Balance
from bluegpt.privacy.queries.standing import standing
from bluegpt.web import redirects
from bluegpt.web.privacy import device, screens

# Below this many credits the balance in the header asks for attention.
_LOW_BALANCE_MICROCREDITS = money.microcredits(5)
THEMES = ("light", "dark")


class Page:
    """The frame around a page. Each attribute costs at most one query, when it is first read."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _person(self) -> Person | None:
        user = getattr(self._request, "user", None)
        return user if getattr(user, "is_authenticated", False) else None

    @cached_property
    def theme(self) -> str:
        """`light` or `dark` when the person has chosen; empty follows the system."""
        chosen = self._person.theme if self._person else ""
        wished = chosen or self._request.COOKIES.get("theme", "")
        return wished if wished in THEMES else ""

    @property
    def here(self) -> str:
        """Where a form that is on every page leads back to."""
        return redirects.here(self._request)

    @property
    def language(self) -> str:
        return translation.get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)

    @cached_property
    def balance(self) -> Balance:
        if self._person is None:
            return Balance(available_microcredits=0, held_microcredits=0)
        return balances.balance(self._person.id)

    @property
    def is_restricted(self) -> bool:
        """Whether the person has frozen their data: pages can be read and nothing else."""
        return self._person is not None and standing(self._person.id).is_restricted

    @cached_property
    def asks_about_tracers(self) -> bool:
        """Whether something needs an agreement on which this browser has not decided."""
        return device.is_asked(self._request)

    @property
    def tracer_screen(self) -> screens.TracerScreen:
        return screens.tracer_screen()

    @property
    def balance_is_low(self) -> bool:
        return self.balance.available_microcredits < _LOW_BALANCE_MICROCREDITS


def page(request: HttpRequest) -> dict[str, Page]:
    """`page` in every template."""
    return {"page": Page(request)}
