"""The clock's run: end what is due, look again, and attest what was found."""

import logging
from collections import Counter
from datetime import datetime

from bluegpt.core import clock
from bluegpt.privacy.models import Attestation
from bluegpt.privacy.queries.due import Walk
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.privacy.services import ending
from bluegpt.vault.services import seal

_log = logging.getLogger(__name__)

_KEYS = "keys"  # what the attestation calls keys, among the rules


def run(*, now: datetime | None = None) -> Attestation:
    """End everything that is due now; returns the attestation, which is stored.

    Each batch is a short transaction of its own, so writers wait for one batch at most, and a run
    that is cut off has done what it has done: the next one goes on. Afterwards everything is
    looked at again; what is still due makes the attestation unclean. `now` is the instant of the
    question, for a drill.
    """
    started_at = clock.now()
    instant = now or started_at
    walk = Walk(instant)
    ended: Counter[str] = Counter()
    for due in walk.batches():
        ended[due.rule] += ending.end_rows(
            due.step.table, due.ids, act=due.step.act, blanks=dict(due.step.blanks)
        )
    for person_id, data_class in walk.over_keys():
        ended[_KEYS] += seal.destroy_keys(person_id=person_id, data_class=data_class)
    left = _still_due(instant)
    attestation = Attestation.objects.create(
        started_at=started_at,
        finished_at=clock.now(),
        policy_digest=policy_digest(),
        ended=dict(ended),
        left=dict(left),
        spared=dict(walk.spared),
        is_clean=not left,
    )
    if left:
        _log.error("retention: rows are still due after the run: %s", dict(left))
    return attestation


def _still_due(instant: datetime) -> Counter[str]:
    walk = Walk(instant)
    left: Counter[str] = Counter()
    for due in walk.batches():
        left[due.rule] += len(due.ids)
    left[_KEYS] += sum(1 for _key in walk.over_keys())
    return +left
