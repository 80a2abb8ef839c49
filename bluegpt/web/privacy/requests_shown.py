"""Requests and rights as the pages show them: in words, with their clock."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import RequestView, State, Step, StepKind
from bluegpt.privacy.types.rights import Right, RightFacts

STATES = {
    State.RECEIVED: (_("We are waiting to know that it is you"), "warning"),
    State.IDENTIFIED: (_("Received"), "info"),
    State.COLLECTING: (_("Being put together"), "info"),
    State.REVIEWING: (_("Being looked at"), "info"),
    State.DELIVERED: (_("Done"), "success"),
    State.PARTLY_REFUSED: (_("Partly refused"), "warning"),
    State.REFUSED: (_("Refused"), "error"),
    State.WITHDRAWN: (_("Withdrawn by you"), ""),
    State.CLOSED: (_("Closed"), ""),
}
STEPS = {
    StepKind.RECEIVED: _("Received"),
    StepKind.IDENTIFIED: _("We know that it is you"),
    StepKind.COLLECTING: _("We put the data together"),
    StepKind.REVIEWING: _("Somebody looks at it, for what is about others"),
    StepKind.CODE_SENT: _("A code went to your address"),
    StepKind.CLARIFICATION_ASKED: _("We asked a question"),
    StepKind.CLARIFIED: _("You added something"),
    StepKind.EXTENDED: _("We need longer, and said why"),
    StepKind.DOCUMENT_DOUBTED: _("Somebody doubts who wrote; a second person looks at it"),
    StepKind.DOCUMENT_ASKED: _("We asked for a masked copy of a document, and said why"),
    StepKind.DOCUMENT_RECEIVED: _("The masked copy arrived"),
    StepKind.DOCUMENT_DESTROYED: _("The copy was destroyed"),
    StepKind.RECIPIENTS_NAMED: _("We listed who received the data"),
    StepKind.RECIPIENT_TOLD: _("A recipient was told"),
    StepKind.RECEIPT_GIVEN: _("You were given the receipt"),
    StepKind.SWITCHED: _("It holds from now on"),
    StepKind.LIFTING_ANNOUNCED: _("We told you when the freeze ends"),
    StepKind.LIFTED: _("The freeze has ended"),
    StepKind.ESCALATED: _("Handed to somebody who had no part in it"),
    StepKind.ALERTED: _("Our staff were reminded of the date"),
    StepKind.DELIVERED: _("Done"),
    StepKind.PARTLY_REFUSED: _("Partly refused"),
    StepKind.REFUSED: _("Refused"),
    StepKind.WITHDRAWN: _("Withdrawn"),
    StepKind.CLOSED: _("Closed"),
}
# Where a person uses a right alone, without waiting for anybody.
_SELF_SERVICE = {
    Right.ACCESS: "privacy:archive",
    Right.PORTABILITY: "privacy:archive",
    Right.OBJECTION: "privacy:centre",
    Right.RESTRICTION: "privacy:centre",
    Right.WITHDRAWAL: "privacy:centre",
    Right.MODIFICATION: "accounts:settings",
    Right.DIRECTIVES: "privacy:directives",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step in words."""

    step: Step
    text: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestShown:
    """A request with its words in the reader's language."""

    request: RequestView
    what: str
    state: str
    badge: str
    days_left: int
    steps: tuple[StepShown, ...]

    @property
    def waits_for_person(self) -> bool:
        """Whether the person has to show who they are."""
        return self.request.state is State.RECEIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class RightShown:
    """A right, what it gives, and where it is used."""

    key: str
    name: str
    how: str
    article: str
    url: str  # of the page where it is used alone; "" for those that somebody answers

    @classmethod
    def of(cls, facts: RightFacts, language: str) -> "RightShown":
        """One right in a language."""
        place = _SELF_SERVICE.get(facts.key, "")
        return cls(
            key=facts.key,
            name=facts.name.in_language(language),
            how=facts.how.in_language(language),
            article=facts.article,
            url=reverse(place) if place else "",
        )


def shown(found: RequestView) -> RequestShown:
    """A request for its page."""
    language = get_language() or "en"
    chapter = manifest().rights
    state, badge = STATES[found.state]
    return RequestShown(
        request=found,
        what=chapter.rights[found.right].name.in_language(language),
        state=str(state),
        badge=badge,
        days_left=max(0, (found.due_on - desk.today()).days),
        steps=tuple(_step_shown(step, language) for step in found.steps),
    )


def _step_shown(step: Step, language: str) -> StepShown:
    ground = manifest().rights.refusals.get(step.code)
    return StepShown(
        step=step,
        text=str(STEPS[step.kind]),
        ground=f"{ground.text.in_language(language)} ({ground.source})" if ground else "",
    )
