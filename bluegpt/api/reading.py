"""Values out of a JSON body: each is what it should be, or the caller hears which one is not."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bluegpt.api.errors import InvalidParameter, UnsupportedParameter


def text(value: Any, param: str) -> str:
    """A string. Raises InvalidParameter, as all of these do."""
    if not isinstance(value, str):
        raise InvalidParameter(param, _("a string"))
    return value


def mapping(value: Any, param: str) -> Mapping[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise InvalidParameter(param, _("an object"))
    return value


def listed(value: Any, param: str) -> list[Any]:
    """A list with something in it."""
    if not isinstance(value, list) or not value:
        raise InvalidParameter(param, _("a list with at least one entry"))
    return value


def truth(value: Any, param: str) -> bool:
    """True or false; null is false."""
    if value is not None and not isinstance(value, bool):
        raise InvalidParameter(param, _("true or false"))
    return bool(value)


def count(value: Any, param: str) -> int | None:
    """A whole number above zero; null is None."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidParameter(param, _("a whole number above zero"))
    return value


def only(given: Mapping[str, Any], *names: str, place: str) -> None:
    """Raise UnsupportedParameter for the first field beside these that says anything."""
    for name, value in given.items():
        if name not in names and value is not None:
            raise UnsupportedParameter(f"{place}.{name}" if place else name)
