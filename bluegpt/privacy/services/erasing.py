"""Erasing what a person has here, and proving it.

Order: note (so that a restored backup is erased again) → close the account → let running answers
end and be settled → what companies hold by a name → keys → rows and files → probes → receipt → mail
→ the address. Each step may be repeated, and a job goes through them again after a crash; what was
there is counted once, at the start. Keys come before rows: from then on nothing sealed can be read,
whatever is still there.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.utils import translation

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person
from bluegpt.accounts.services import closing, people, sessions
from bluegpt.core import clock
from bluegpt.core.before_erasure import are_at_rest
from bluegpt.core.erasures import ends
from bluegpt.core.held_elsewhere import ask_to_forget
from bluegpt.core.ids import new_id, new_secret
from bluegpt.core.jobs import Again, enqueue
from bluegpt.core.personal_data import DataClass, Table
from bluegpt.mailroom.services import folder, letters
from bluegpt.privacy.adapters.receipt_key import receipt_key
from bluegpt.privacy.errors.receipts import ErasureUnconfirmed, ErasureUnderWay
from bluegpt.privacy.models import ErasureRun, Receipt
from bluegpt.privacy.queries import erasure, receipts
from bluegpt.privacy.rules.receipts import fingerprint, public_key, signed
from bluegpt.privacy.services import archives, ending, pseudonyms, recipient_notices, requests
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.privacy.types.rights import Right
from bluegpt.vault.services import erasures, seal
from bluegpt.vault.services import files as vault_files

ERASE_JOB = "privacy.erase"
KIND = "privacy.erasure"  # the subject is "<scope>:<person id>"
_AFTER_DEATH = (ErasureScope.WISHES, ErasureScope.HANDED)
_LOOK_AGAIN_S = 1.0
_ASK_AGAIN_S = 30.0
_BATCH_ROWS = 500
_NOT_SHOWN = {"files_probed", "forgotten"}


def order(*, person_id: UUID, scope: ErasureScope, typed: str, language: str) -> None:
    """Have it erased, for good. `typed` must be the account's address.

    Raises ErasureUnconfirmed, ErasureUnderWay.
    """
    address = person(person_id).email
    if typed.strip().lower() != address:
        raise ErasureUnconfirmed
    _order(person_id, scope, address=address, language=language)


def order_wished(*, person_id: UUID, scope: ErasureScope, address: str, language: str) -> None:
    """Erase what somebody who has died wished erased, or handed over and erased.

    The receipt goes to `address`, where there is one. Raises ErasureUnderWay.
    """
    assert scope in _AFTER_DEATH, "somebody alive orders it themselves"
    _order(person_id, scope, address=address, language=language)


def _order(person_id: UUID, scope: ErasureScope, *, address: str, language: str) -> None:
    with translation.override(language):
        found = receipts.found(scope, person_id)
    try:
        with transaction.atomic():
            ErasureRun.objects.create(
                id=new_id(),
                person_id=person_id,
                scope=scope,
                address=address,
                language=language,
                found=found,
                asked_at=clock.now(),
            )
            _open_case(person_id)
            if scope is ErasureScope.ACCOUNT:
                closing.close(person_id=person_id)
    except IntegrityError:
        raise ErasureUnderWay from None
    erasures.erase(KIND, f"{scope}:{person_id}")


def _open_case(person_id: UUID) -> None:
    """The case that the receipt closes; those who may hold a copy are to be told (Art. 19)."""
    case_id = requests.note_act(person_id=person_id, right=Right.ERASURE, is_done=False)
    recipient_notices.name_recipients(
        request_id=case_id, data_classes={DataClass.CONTENT}, by=requests.BY_DESK
    )


@ends(KIND)
def carry_on(subject: str) -> None:
    """The note is kept; a job does the rest, now and after a restored backup."""
    enqueue(ERASE_JOB, {"subject": subject}, unique_key=subject)


def erase(subject: str) -> None:
    """Every step, from wherever it was cut off. Raises Again while answers are being settled."""
    word, _colon, key = subject.partition(":")
    scope, person_id = ErasureScope(word), UUID(key)
    for step in (stop, end_elsewhere, end_keys, end_rows):
        step(scope, person_id)
    run = ErasureRun.objects.filter(person_id=person_id, scope=scope).first()
    if run is not None:  # without one, a restored backup was erased again: its receipt exists
        give_receipt(run)


def stop(scope: ErasureScope, person_id: UUID) -> None:
    """Nobody is let in, nothing runs, every hold is settled or released."""
    if scope is not ErasureScope.CONTENT:
        try:
            closing.close(person_id=person_id)
        except UnknownPerson:
            return  # ended already
        sessions.end_all(person_id=person_id)
    if not are_at_rest(person_id):
        raise Again(delay_s=_LOOK_AGAIN_S)


def end_elsewhere(scope: ErasureScope, person_id: UUID) -> None:
    """Have companies delete what they hold of the content by a name; only its key opens that."""
    if DataClass.CONTENT not in erasure.classes_of(scope, person_id):
        return
    outcome = ask_to_forget(person_id)
    run = ErasureRun.objects.filter(person_id=person_id, scope=scope).first()
    if run is not None and (outcome.done or outcome.could_not):
        before = run.found.get("forgotten", {"done": 0, "could_not": 0})
        run.found["forgotten"] = {
            "done": before["done"] + outcome.done,
            "could_not": before["could_not"] + outcome.could_not,
        }
        run.save(update_fields=["found"])
    if outcome.waiting:
        raise Again(delay_s=_ASK_AGAIN_S)


def end_keys(scope: ErasureScope, person_id: UUID) -> None:
    """Destroy the keys of every class that ends; all at once, and for good, when no law holds."""
    archives.cancel(person_id=person_id)
    classes = erasure.classes_of(scope, person_id)
    if scope is ErasureScope.ACCOUNT and len(classes) == len(DataClass) - 1:
        seal.destroy_keys(person_id=person_id)
        return
    for data_class in sorted(classes):
        seal.destroy_keys(person_id=person_id, data_class=data_class)


def end_rows(scope: ErasureScope, person_id: UUID) -> None:
    """Delete rows with their files, and the words in rows that stay."""
    for table in erasure.ending_tables(scope, person_id):
        _delete(table, person_id)
    for table in erasure.blanked_tables(scope, person_id):
        words = {column.column: b"" for column in table.sealed}
        erasure.mine(table, person_id).update(**words)
    ends_identity = DataClass.IDENTITY in erasure.classes_of(scope, person_id)
    if scope is ErasureScope.ACCOUNT or ends_identity:
        people.empty(person_id=person_id)  # where a law keeps rows that hang on it
    pseudonyms.forget_cached()


def give_receipt(run: ErasureRun) -> None:
    """Probe, sign, keep, mail, and only then forget the address."""
    now = clock.now()
    link = new_secret()
    reference = requests.end_erasure(person_id=run.person_id, receipt_id=run.id)
    with translation.override(run.language):
        document = _document(run, now, reference=reference)
        Receipt.objects.update_or_create(
            id=run.id,
            defaults={
                "link_sha256": link_sha256(link),
                "document": signed(document, secret=receipt_key()),
                "made_at": now,
            },
        )
        if run.address:
            if run.scope != ErasureScope.CONTENT:
                folder.end_letters_to(run.address)
            is_wished = run.scope in _AFTER_DEATH
            letters.send(
                to=run.address,
                language=run.language,
                template=f"privacy/email/{'wished_receipt' if is_wished else 'receipt'}",
                facts={"receipt": document, "link": link},
            )
    ErasureRun.objects.filter(id=run.id).delete()


def link_sha256(link: str) -> str:
    """What is kept of a receipt's link."""
    return hashlib.sha256(link.encode()).hexdigest()


def published_key() -> dict[str, str]:
    """The public key that checks this installation's receipts, and its fingerprint."""
    public = public_key(receipt_key())
    return {"algorithm": "Ed25519", "public_key": public, "fingerprint": fingerprint(public)}


def forget_receipts() -> int:
    """Delete receipts whose term is over; returns how many."""
    oldest = receipts.oldest_kept(clock.now())
    return Receipt.objects.filter(made_at__lt=oldest).delete()[0]


def _delete(table: Table, person_id: UUID) -> None:
    # The youngest first: a message hangs on the one before it.
    mine = erasure.mine(table, person_id).order_by("-pk")
    while ids := list(mine.values_list("pk", flat=True)[:_BATCH_ROWS]):
        ending.delete_rows(table, ids)


def _document(run: ErasureRun, now: datetime, *, reference: str) -> Mapping[str, Any]:
    scope = ErasureScope(run.scope)
    probes = receipts.probes(scope, run.person_id, run.found["files_probed"], _is_gone)
    assert not any(probe["left"] for probe in probes), "no receipt while something is left"
    return {
        "number": str(run.id),
        "request": reference,
        "scope": scope.value,
        "asked_at": run.asked_at.isoformat(),
        "made_at": now.isoformat(),
        **{key: value for key, value in run.found.items() if key not in _NOT_SHOWN},
        "provider_objects": receipts.provider_objects(run.found.get("forgotten")),
        "stays": receipts.stays(scope, run.person_id),
        "probes": probes,
        "horizon": receipts.horizon_of(now),
    }


def _is_gone(file_key: str) -> bool:
    return not async_to_sync(vault_files.exists)(file_key)
