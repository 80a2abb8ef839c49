"""What durations, facts and grounds are called on the pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from bluegpt.privacy.types.durations import Duration

_TRIGGERS: dict[str, Promise] = {
    "account_closed": gettext_lazy("after you close your account"),
    "call_ended": gettext_lazy("after the answer"),
    "case_answered": gettext_lazy("after the reply"),
    "consent_ended": gettext_lazy("after your decision ends"),
    "disclosed": gettext_lazy("after the data was sent"),
    "keys_destroyed": gettext_lazy("after the erasure"),
    "session_ended": gettext_lazy("after the session ended"),
    "request_closed": gettext_lazy("after the request was closed"),
    "request_decided": gettext_lazy("after the decision"),
    "erasure_noted": gettext_lazy("after the erasure was noted"),
    "staff_acted": gettext_lazy("after the act"),
    "staff_grant_ended": gettext_lazy("after the role ended"),
    "legal_hold_ended": gettext_lazy("after the hold ended"),
    "archive_ready": gettext_lazy("after the archive was made"),
    "access_asked": gettext_lazy("after the access was asked for"),
    "authority_asked": gettext_lazy("after the authority asked"),
    "succession_noted": gettext_lazy("after you were told"),
}
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


def span(duration: Duration) -> str:
    """A duration in words: "30 days", "1 year and 6 months"."""
    parts = [
        words % {"count": count}
        for count, words in (
            (duration.years, ngettext("%(count)d year", "%(count)d years", duration.years)),
            (duration.months, ngettext("%(count)d month", "%(count)d months", duration.months)),
            (duration.days, ngettext("%(count)d day", "%(count)d days", duration.days)),
        )
        if count
    ]
    if len(parts) > 1:
        return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
    return parts[0] if parts else _("no time at all")


def trigger(key: str) -> str:
    """The fact that starts a term; its key where nobody gave it a name."""
    return str(_TRIGGERS.get(key, key.replace("_", " ")))


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
