"""The words of the manifest's codes, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from bluegpt.privacy.types.clauses import ClauseStatus
from bluegpt.privacy.types.versions import Effect, Kind

Words = dict[str, Promise]

BASES: Words = {
    "contract": gettext_lazy("the contract with you"),
    "consent": gettext_lazy("your consent"),
    "legitimate_interest": gettext_lazy("a legitimate interest"),
    "legal_obligation": gettext_lazy("a legal obligation"),
}
ROLES: Words = {
    "controller": gettext_lazy("decides about the processing (controller)"),
    "processor": gettext_lazy("works on our instructions (processor)"),
    "operator": gettext_lazy("is the operator’s own machine"),
}
ORIGINS: Words = {
    "given": gettext_lazy("You give it."),
    "made": gettext_lazy("The service makes it for you."),
    "observed": gettext_lazy("It is noted while you use the service."),
}
EFFECTS: dict[Effect, Promise] = {
    Effect.EDITORIAL: gettext_lazy("Other words"),
    Effect.NOTIFY: gettext_lazy("People are told"),
    Effect.ASK_AGAIN: gettext_lazy("People are asked again"),
}
KINDS: dict[Kind, Promise] = {
    Kind.ADDED: gettext_lazy("new"),
    Kind.REMOVED: gettext_lazy("gone"),
    Kind.CHANGED: gettext_lazy("changed"),
}
STATUSES: dict[ClauseStatus, Promise] = {
    ClauseStatus.PROVED: gettext_lazy("Proved"),
    ClauseStatus.DECLARATION: gettext_lazy("Declaration"),
    ClauseStatus.NO_PROCESSING: gettext_lazy("No such processing"),
    ClauseStatus.MISSING: gettext_lazy("Not accounted for"),
}


def said(words: Words, code: str) -> str:
    """The words for a code; the code itself when a version uses one that is not known here."""
    return str(words.get(code, code.replace("_", " ")))
