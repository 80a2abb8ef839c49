"""Terms in plain words, in the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bluegpt.privacy.types.durations import Duration

_TRIGGERS = {
    "account_closed": _("the account is closed"),
    "archive_ready": _("the archive is ready"),
    "call_ended": _("the answer has ended"),
    "case_answered": _("the question is answered"),
    "disclosed": _("the data was sent"),
    "hold_resolved": _("the reservation has ended"),
    "keys_destroyed": _("the keys were destroyed"),
    "session_ended": _("the session has ended"),
}


def trigger_in_words(trigger: str) -> str:
    """The fact that starts a term; its key for one that has no words yet."""
    return str(_TRIGGERS.get(trigger, trigger.replace("_", " ")))


def duration_in_words(span: Duration) -> str:
    """A calendar span such as "5 years"."""
    pieces = [
        ngettext("%(count)d year", "%(count)d years", span.years) % {"count": span.years}
        if span.years
        else "",
        ngettext("%(count)d month", "%(count)d months", span.months) % {"count": span.months}
        if span.months
        else "",
        ngettext("%(count)d day", "%(count)d days", span.days) % {"count": span.days}
        if span.days
        else "",
    ]
    return " ".join(piece for piece in pieces if piece)
