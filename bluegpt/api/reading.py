"""Values out of a JSON body: each is what it should be, or the caller hears which one is not."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from bluegpt.api.errors import InvalidParameter, UnreadableRequest, UnsupportedParameter


def body(data: bytes) -> dict[str, Any]:
    """The object that a body is. Raises UnreadableRequest."""
    try:
        given = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise UnreadableRequest from None
    if not isinstance(given, dict):
        raise UnreadableRequest
    return given


def known(
    given: Mapping[str, Any], *, ignored: Collection[str], neutral: Mapping[str, tuple[Any, ...]]
) -> None:
    """Raise UnsupportedParameter for what is not offered: a parameter, or a value of one.

    `ignored` are looked at elsewhere or have no bearing; `neutral` holds the values, beside null,
    that ask for what is done anyway.
    """
    for name, value in given.items():
        if name in ignored or value is None:
            continue
        if name not in neutral:
            raise UnsupportedParameter(name, _("There is no parameter “%(param)s”."))
        if not any(_is_same(value, harmless) for harmless in neutral[name]):
            raise UnsupportedParameter(name)


def _is_same(value: Any, neutral: Any) -> bool:
    """JSON keeps numbers and truths apart, Python does not."""
    return bool(value == neutral) and isinstance(value, bool) == isinstance(neutral, bool)


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


def choice(value: Any, param: str, among: tuple[str, ...], default: str) -> str:
    """One of a few words; null is the default."""
    if value is None:
        return default
    if value not in among:
        words = ", ".join(f"“{word}”" for word in among)
        raise InvalidParameter(param, _("one of %(words)s") % {"words": words})
    return str(value)


def only(given: Mapping[str, Any], *names: str, place: str) -> None:
    """Raise UnsupportedParameter for the first field beside these that says anything."""
    for name, value in given.items():
        if name not in names and value is not None:
            raise UnsupportedParameter(f"{place}.{name}" if place else name)
