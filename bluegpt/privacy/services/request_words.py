"""The end of what erased people wrote to the desk, once nothing is owed to them any more.

An erasure leaves the words and the address of a request that is still to be answered: the answer is
a duty. A day after the last of them is put away, when its letter has gone, they end with their key.
"""

from datetime import timedelta
from uuid import UUID

from bluegpt.accounts.queries.people import is_erased
from bluegpt.core import clock
from bluegpt.core.erasures import ends
from bluegpt.core.jobs import enqueue
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.models import Request, RequestStep
from bluegpt.privacy.queries.holds import held_classes
from bluegpt.privacy.queries.requests import is_answer_owed
from bluegpt.vault.services import erasures, seal

KIND = "privacy.request_words"  # the subject is the person's id
END_JOB = "privacy.end_request_words"
_LETTER_HAS = timedelta(days=1)


def plan_end(person_id: UUID) -> None:
    """Have it looked at in a day, for somebody whose account is erased and who left words."""
    has_words = seal.living_keys(person_id=person_id, data_classes=[DataClass.REQUEST])
    if has_words and _is_erased(person_id):
        run_at = clock.now() + _LETTER_HAS
        enqueue(END_JOB, {"person_id": str(person_id)}, unique_key=str(person_id), run_at=run_at)


def end(person_id: UUID) -> bool:
    """End the words and their key, unless something is owed or held; whether it was done."""
    is_kept = DataClass.REQUEST in held_classes(person_id)
    if is_kept or is_answer_owed(person_id) or not _is_erased(person_id):
        return False
    seal.destroy_keys(person_id=person_id, data_class=DataClass.REQUEST)
    erasures.erase(KIND, person_id)
    return True


def _is_erased(person_id: UUID) -> bool:
    """Somebody who never had an account lost none, and is answered for as long as anybody."""
    had_account = Request.objects.filter(person_id=person_id, has_account=True).exists()
    return had_account and is_erased(person_id)


@ends(KIND)
def blank(subject: str) -> None:
    """Blank the rows; those of a request that came later hold nothing that could be read."""
    person_id = UUID(subject)
    Request.objects.filter(person_id=person_id).update(words_sealed=b"", contact_sealed=b"")
    RequestStep.objects.filter(request__person_id=person_id).update(words_sealed=b"")
