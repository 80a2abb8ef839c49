"""What grounds are called on the pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

_BASES: dict[str, Promise] = {
    "contract": gettext_lazy("to give you what you asked for"),
    "consent": gettext_lazy("you agreed"),
    "legitimate_interest": gettext_lazy("an interest of ours, weighed against yours"),
    "legal_obligation": gettext_lazy("a duty by law"),
}
_TRANSFERS: dict[str, Promise] = {
    "none": pgettext_lazy("transfer", "stays in the European Economic Area"),
    "adequacy": gettext_lazy("adequacy decision of the European Commission"),
    "scc": gettext_lazy("standard contractual clauses"),
}


def basis(keys: str) -> str:
    """One or several bases, as a disclosure joins them."""
    return " · ".join(str(_BASES.get(key, key)) for key in keys.split("+"))


def transfer(key: str) -> str:
    return str(_TRANSFERS.get(key, key))


def action(key: str) -> str:
    """What was decided."""
    return {
        "given": pgettext("decision", "Agreed"),
        "refused": pgettext("decision", "Refused"),
        "withdrawn": pgettext("decision", "Withdrawn"),
    }[key]


def method(key: str) -> str:
    """How it was said."""
    return {
        "banner": _("on the banner"),
        "form": _("on a form"),
        "gpc": _("by a signal of your browser"),
        "api": _("by a program"),
    }[key]
