"""What privacy does when something happened below, or to a request."""

from bluegpt.accounts.events import AddressChanged, PersonConfirmed
from bluegpt.core.events import listen
from bluegpt.privacy.events import RequestMoved
from bluegpt.privacy.queries.requests import request
from bluegpt.privacy.services import request_letters, request_words, requests, versions
from bluegpt.privacy.types.requests import StepKind
from bluegpt.privacy.types.rights import Right


@listen(PersonConfirmed)
def note_version_at_sign_up(event: PersonConfirmed) -> None:
    """The form of the sign-up names the policy; which version it was is kept."""
    versions.acknowledge(person_id=event.person_id, occasion="sign_up")


@listen(AddressChanged)
def note_modification(event: AddressChanged) -> None:
    """What a person changed of their details alone is a case that is answered by the change."""
    requests.note_act(person_id=event.person_id, right=Right.MODIFICATION)


@listen(RequestMoved)
def write_letter(event: RequestMoved) -> None:
    """Tell whoever asked."""
    request_letters.write(request_id=event.request_id, step_id=event.step_id)


@listen(RequestMoved)
def end_words(event: RequestMoved) -> None:
    """What an erased account left for an answer ends once the answer is put away."""
    if event.kind == StepKind.CLOSED:
        request_words.plan_end(event.person_id)


@listen(RequestMoved)
def tell_staff(event: RequestMoved) -> None:
    """Tell staff of a passing term, and of a complaint."""
    if event.kind == StepKind.ESCALATED:
        request_letters.tell_staff(request_id=event.request_id)
    elif event.kind == StepKind.ALERTED:
        step = next(each for each in request(event.request_id).steps if each.id == event.step_id)
        request_letters.tell_staff(request_id=event.request_id, percent=int(step.code))
