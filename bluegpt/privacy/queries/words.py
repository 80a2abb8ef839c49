"""Terms in plain words, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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


def trigger_in_words(key: str) -> str:
    """The fact that starts a term; its key where nobody gave it a name."""
    return str(_TRIGGERS.get(key, key.replace("_", " ")))


def duration_in_words(duration: Duration) -> str:
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
