"""Letters about the service changing hands, in batches: what was sent, and when to wait."""

from collections.abc import Callable, Iterable
from uuid import UUID

from bluegpt.accounts.models import Person
from bluegpt.privacy.services import staff_log

BATCH = 50
TRIES_MAX = 5
# So many in a row are no bad addresses: the mail server is away.
_FAILURES_MAX = 3


class MailIsAway(Exception):
    """No letter of a batch got through; the rest of the people have not been tried."""


def write_to(
    people: Iterable[Person],
    *,
    claimed: Callable[[Person], bool],
    told: Callable[[Person], bool],
    verb: str,
    succession_id: UUID,
) -> None:
    """Tell each of them whom this call and no other has claimed.

    What was sent and what failed is in the staff log, one line. Raises MailIsAway.
    """
    sent = failed = in_a_row = 0
    for reader in people:
        if not claimed(reader):
            continue
        is_sent = told(reader)
        sent, failed = sent + is_sent, failed + (not is_sent)
        in_a_row = 0 if is_sent else in_a_row + 1
        if in_a_row == _FAILURES_MAX:
            break
    if sent or failed:
        facts = {"sent": sent, "failed": failed}
        staff_log.note(actor_id=None, verb=verb, object_id=succession_id, facts=facts)
    if in_a_row == _FAILURES_MAX:
        raise MailIsAway
