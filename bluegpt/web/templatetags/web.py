"""What templates need to say: icons, amounts, names of modules."""

import json
from decimal import ROUND_CEILING, Decimal
from functools import cache, lru_cache
from uuid import UUID

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import get_script_prefix, reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bluegpt.core import money
from bluegpt.web import modules

register = template.Library()

# What stands for the ids in an address that is made once.
_PLACES = (UUID(int=1), UUID(int=2))
# JSON inside a script element: what could end the element is written as an escape.
_SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """A picture from the sprite; words beside it say what it means.

    A page has a hundred of them, and where the sprite is served does not change while we run.
    """
    sprite = staticfiles_storage.url("img/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.simple_tag
@lru_cache(maxsize=256)
def face(name: str, words: str) -> SafeString:
    """What a button without words shows: a picture, named for who rests on it or cannot see it."""
    return format_html(
        '<span class="face" title="{0}">{1}<span class="visually-hidden">{0}</span></span>',
        words,
        icon(name),
    )


@register.simple_tag
def address(view: str, *ids: UUID) -> str:
    """Where something is that has ids alone in its address: `{% url %}` for long lists.

    Reversing costs 25 µs, which a page with 50 lines and 20 messages would pay 130 times.
    """
    found = _address_of(view, len(ids), get_script_prefix())
    for place, each in zip(_PLACES, ids, strict=False):
        found = found.replace(str(place), str(each))
    return found


@lru_cache(maxsize=64)
def _address_of(view: str, count: int, _script_prefix: str) -> str:
    """An address with a place for each id. Raises NoReverseMatch."""
    return reverse(view, args=_PLACES[:count])


@register.simple_tag
@cache
def import_map() -> SafeString:
    """The names that our modules import each other by, and where each of them is served."""
    imports = {name: staticfiles_storage.url(path) for name, path in modules.NAMES.items()}
    return mark_safe(json.dumps({"imports": imports}).translate(_SCRIPT_ESCAPES))  # noqa: S308


@register.simple_tag
@cache
def preload_modules() -> SafeString:
    """Fetch at once what a conversation needs, instead of import after import."""
    return format_html_join(
        "",
        '<link rel="modulepreload" href="{}">',
        ((staticfiles_storage.url(modules.NAMES[name]),) for name in modules.CONVERSATION),
    )


@register.filter
def short_credits(amount_microcredits: int) -> str:
    """An amount for a glance: two decimals, in the reader's notation."""
    return number_format(money.short_credits(amount_microcredits), 2, force_grouping=True)


@register.filter
def ceiling_credits(amount_microcredits: int) -> str:
    """An upper bound for a glance: rounded up at two significant digits, so still a bound."""
    amount = money.exact_credits(amount_microcredits)
    if not amount:
        return _exact(amount)
    # The place of the second digit, and never finer than a microcredit.
    unit = Decimal(1).scaleb(max(amount.adjusted() - 1, -6))
    return _exact((amount / unit).to_integral_value(ROUND_CEILING) * unit)


@register.filter
def exact_credits(amount_microcredits: int) -> str:
    """An amount to the microcredit, without trailing zeros, in the reader's notation."""
    return _exact(money.exact_credits(amount_microcredits))


@register.filter
def signed_credits(amount_microcredits: int) -> str:
    """A movement to the microcredit, with a sign in front whichever way it went."""
    sign = "" if not amount_microcredits else "+" if amount_microcredits > 0 else "\N{MINUS SIGN}"
    return f"{sign}{_exact(money.exact_credits(abs(amount_microcredits)))}"


@register.filter
def count(number: int) -> str:
    """A whole number with groups of digits."""
    return number_format(number, 0, force_grouping=True)


def _exact(amount: Decimal) -> str:
    digits = amount.normalize()
    places = max(0, -int(digits.as_tuple().exponent))
    return number_format(digits, places, force_grouping=True)
