"""Requests in the words of the desk: where they stand, how they came, what happened to them."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bluegpt.backoffice import pages
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import Channel, Proof, RequestView, State, Step, StepKind

STATES: dict[State, tuple[Promise, str]] = {
    State.RECEIVED: (_("Who asks is not shown yet"), "warning"),
    State.IDENTIFIED: (_("To be handled"), "info"),
    State.COLLECTING: (_("Data is put together"), "info"),
    State.REVIEWING: (_("Data is looked through"), "info"),
    State.DELIVERED: (_("Answered"), "success"),
    State.PARTLY_REFUSED: (_("Partly refused"), "warning"),
    State.REFUSED: (_("Refused"), ""),
    State.WITHDRAWN: (_("Taken back"), ""),
    State.CLOSED: (pgettext_lazy("a request", "Closed"), ""),
}
CHANNELS: dict[Channel, Promise] = {
    Channel.EMAIL: _("by e-mail"),
    Channel.POST: _("by post"),
    Channel.FORM: _("by the public form"),
    Channel.ACCOUNT: _("from the account"),
    Channel.ACT: _("done by the person alone"),
}
PROOFS: dict[Proof, Promise] = {
    Proof.NONE: _("not shown yet"),
    Proof.SESSION: _("logged in, with the password typed again"),
    Proof.ACCOUNT: _("logged in"),
    Proof.CODE: _("a code that was sent to their address"),
    Proof.DOCUMENT: _("a document, after a doubt on which two people agreed"),
}
STEPS: dict[StepKind, Promise] = {
    StepKind.RECEIVED: _("Received"),
    StepKind.IDENTIFIED: _("It is known who asks"),
    StepKind.COLLECTING: _("Data is put together"),
    StepKind.REVIEWING: _("Data is looked through"),
    StepKind.CODE_SENT: _("A code was sent"),
    StepKind.CLARIFICATION_ASKED: _("Asked back"),
    StepKind.CLARIFIED: _("The person added something"),
    StepKind.EXTENDED: _("Term extended"),
    StepKind.DOCUMENT_DOUBTED: _("Doubt about who asks; a second person has to agree"),
    StepKind.DOCUMENT_ASKED: _("Identity document asked for"),
    StepKind.DOCUMENT_RECEIVED: _("Masked copy recorded"),
    StepKind.DOCUMENT_DESTROYED: _("Copy destroyed with its key"),
    StepKind.RECIPIENTS_NAMED: _("Recipients listed who have to be told"),
    StepKind.RECIPIENT_TOLD: _("A recipient was told"),
    StepKind.RECEIPT_GIVEN: _("The receipt of the erasure was given"),
    StepKind.SWITCHED: _("The switch is turned"),
    StepKind.LIFTING_ANNOUNCED: _("The end of the freeze was announced"),
    StepKind.LIFTED: _("The freeze has ended"),
    StepKind.ESCALATED: _("A complaint: somebody decides it who had no part in the matter"),
    StepKind.ALERTED: _("Staff were reminded of the term"),
    StepKind.DELIVERED: _("Answered"),
    StepKind.PARTLY_REFUSED: _("Partly refused"),
    StepKind.REFUSED: _("Refused"),
    StepKind.WITHDRAWN: _("Taken back"),
    StepKind.CLOSED: pgettext_lazy("a request", "Closed"),
}
_BY = {desk.BY_PERSON: _("the person"), desk.BY_DESK: _("by rule")}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInWords:
    """One step, who took it, and the ground that it names."""

    step: Step
    text: str
    who: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request as the desk reads it."""

    request: RequestView
    what: str
    state: str
    badge: str
    channel: str
    proof: str
    days_left: int  # below zero when the term is over
    steps: tuple[StepInWords, ...]

    @property
    def days_over(self) -> int:
        """Days since the term ended; 0 while it runs."""
        return max(0, -self.days_left)


def case(found: RequestView, people: dict[UUID, str]) -> Case:
    """A request in the reader's language."""
    language = get_language() or "en"
    state, badge = STATES[found.state]
    return Case(
        request=found,
        what=manifest().rights.rights[found.right].name.in_language(language),
        state=str(state),
        badge=badge,
        channel=str(CHANNELS[found.channel]),
        proof=str(PROOFS[found.proof]),
        days_left=(found.due_on - desk.today()).days,
        steps=tuple(_in_words(step, people, language) for step in found.steps),
    )


def staff_in(found: RequestView) -> dict[UUID, str]:
    """The addresses of the staff who took a step, in one query."""
    return pages.addresses(
        who for step in found.steps for who in (_id_of(step.by), _id_of(step.second_by))
    )


def _in_words(step: Step, people: dict[UUID, str], language: str) -> StepInWords:
    ground = manifest().rights.refusals.get(step.code)
    names = [_name(each, people) for each in (step.by, step.second_by) if each]
    return StepInWords(
        step=step,
        text=str(STEPS[step.kind]),
        who=" + ".join(names),
        ground=f"{ground.text.in_language(language)} ({ground.source})" if ground else "",
    )


def _name(by: str, people: dict[UUID, str]) -> str:
    """An address; at the console somebody is known by the name they typed."""
    known = _id_of(by)
    return people.get(known, by) if known else str(_BY.get(by, by))


def _id_of(by: str) -> UUID | None:
    try:
        return UUID(by)
    except ValueError:
        return None
