"""The restore drill: made-up people are backed up, erased, brought back, and erased again.

The first loses a conversation and its keys; the second the whole account, as they would order it;
the third has died, and wished what they wrote erased. The fourth chose, after the backup, what may
not be done with their data.

It runs on whatever databases are in place, so it wants scratch ones. Each step says what it has
shown, or raises DrillFailed.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

from django.apps import apps

from bluegpt.accounts.queries.people import person
from bluegpt.accounts.services import people
from bluegpt.core import clock
from bluegpt.core.ids import new_id, new_secret
from bluegpt.core.personal_data import DataClass, declared
from bluegpt.core.threads import in_thread
from bluegpt.core.worker import Worker
from bluegpt.ops.backups import making, restoring
from bluegpt.ops.stock import restock
from bluegpt.ops.surroundings import as_when_serving
from bluegpt.privacy.queries import erasure
from bluegpt.privacy.queries.deaths import death
from bluegpt.privacy.queries.requests import request
from bluegpt.privacy.queries.standing import standing_now
from bluegpt.privacy.queries.successions import own as own_succession
from bluegpt.privacy.services import (
    choices,
    deaths,
    directives,
    erasing,
    requests,
    succession_notices,
    successions,
)
from bluegpt.privacy.types.backups import BackupKind
from bluegpt.privacy.types.directives import DeathProof, DeathState, Wish
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.privacy.types.requests import Channel, Contact, Proof
from bluegpt.privacy.types.rights import Right
from bluegpt.privacy.types.successions import Declared
from bluegpt.providers.services.chat import close_clients
from bluegpt.studio.flows import chat, live
from bluegpt.studio.flows.erasure import delete_conversation
from bluegpt.studio.types.conversations import Ask
from bluegpt.vault.errors import CannotOpen, ErasuresMissing
from bluegpt.vault.services import erasures, seal

_MODEL = "sandbox/writer"
_FOLLOWED_WITHIN_S = 60.0
_LOOK_EVERY_S = 0.2
_WORDS = "Where does the ferryman sleep?\nsandbox: pace_ms=0 first_ms=0 tokens=20"


class DrillFailed(Exception):
    """What should have held does not."""


def rehearse() -> Iterator[str]:
    """Every step, as a sentence once it is shown. Raises DrillFailed, Complaint."""
    yield from _erased_conversation()
    yield from _erased_account()
    yield from _followed_death()
    yield from _kept_choices()


def _erased_conversation() -> Iterator[str]:
    person_id, conversation_id = _made_up()
    sealed = _opens(person_id)
    _insist(sealed > 0, "what the made-up person wrote cannot be opened")
    yield f"A made-up person wrote to the sandbox: {sealed} sealed values, all readable."
    archives = {kind: making.make(kind) for kind in BackupKind}
    yield "Data and keys are backed up, apart from each other."
    asyncio.run(_deleted(person_id, conversation_id))
    destroyed = seal.destroy_keys(person_id=person_id)
    _insist(_opens(person_id) == 0, "something can be read after the erasure")
    yield f"The conversation is erased, and {destroyed} keys with it."
    yield from _brought_back(archives, person_id, sealed=sealed)


def _erased_account() -> Iterator[str]:
    person_id, _conversation_id = _made_up()
    sealed = _opens(person_id)
    _insist(sealed > 0, "what the second person wrote cannot be opened")
    yield f"A second person wrote: {sealed} sealed values, all readable."
    archives = {kind: making.make(kind) for kind in BackupKind}
    yield "Data and keys are backed up again."
    address = person(person_id).email
    erasing.order(person_id=person_id, scope=ErasureScope.ACCOUNT, typed=address, language="en")
    Worker().run_pending()
    _insist(not _left(person_id), "rows are left of an account that was erased")
    yield "The whole account is erased, as its person ordered it."
    for sentence in _brought_back(archives, person_id, sealed=sealed):
        # Only once it may be served: before, the account is there again, unreadable.
        left = _left(person_id)
        is_back = not erasures.standing().is_whole
        _insist(bool(left) is is_back, f"after the replay there is still {', '.join(left)}")
        yield sentence


def _followed_death() -> Iterator[str]:
    person_id, _conversation_id = _made_up()
    sealed = _opens(person_id)
    _insist(sealed > 0, "what the third person wrote cannot be opened")
    yield f"A third person wrote: {sealed} sealed values, all readable."
    archives = {kind: making.make(kind) for kind in BackupKind}
    yield "Data and keys are backed up, before anything was laid down for after a death."
    directives.lay_down(person_id=person_id, wishes={DataClass.CONTENT: Wish.ERASE}, trusted=None)
    death_id = _shown_dead(person_id)
    _insist(_is_followed(death_id), "what was laid down is not followed")
    yield "They have died; the account is closed, and what they wished erased is erased."
    for sentence in _brought_back(archives, person_id, sealed=sealed):
        is_back = not erasures.standing().is_whole
        is_open = person(person_id).closed_at is None
        _insist(is_open is is_back, "after the replay the account of a dead person is open")
        yield sentence


def _shown_dead(person_id: UUID) -> UUID:
    """A death that came with a letter of an heir, and on which two people agreed."""
    request_id = requests.record_request(
        contact=Contact(name="An heir", post="Made up for the drill"),
        right=Right.HEIRS,
        channel=Channel.POST,
        words="",
        received_on=requests.today(),
        by="drill",
    )
    requests.identify(request_id=request_id, proof=Proof.DOCUMENT, by="drill")
    shown = deaths.Shown(
        reference=request(request_id).reference,
        proof=DeathProof.CERTIFICATE,
        seen_on=requests.today(),
    )
    death_id = deaths.record(actor_id=new_id(), person_id=person_id, shown=shown)
    for _colleague in range(2):
        deaths.approve(actor_id=new_id(), death_id=death_id)
    return death_id


def _is_followed(death_id: UUID) -> bool:
    """Run what is queued until it is; a step waits a second for the one before it."""
    until_s = clock.monotonic_s() + _FOLLOWED_WITHIN_S
    while clock.monotonic_s() < until_s:
        Worker().run_pending()
        if death(death_id).state is DeathState.DONE:
            return True
        time.sleep(_LOOK_EVERY_S)
    return False


def _kept_choices() -> Iterator[str]:
    person_id = _somebody()
    choices.allow_no_keepers(person_id=person_id)
    succession_id = _about_to_change_hands()
    yield "A fourth person set a limit, and the service is about to change hands."
    archives = {kind: making.make(kind) for kind in BackupKind}
    yield "Data and keys are backed up, before the fourth person chose anything else."
    choices.restrict(person_id=person_id)
    choices.allow_only_eea(person_id=person_id)
    choices.allow_keepers(person_id=person_id)
    succession_notices.object_to(person_id=person_id)
    _insist(_has_chosen(person_id), "what was chosen does not hold")
    yield "They froze their account, objected to the handing over, and changed their limits."
    restoring.put_back(archives[BackupKind.DATA], overwrite=True)
    _insist(not _has_chosen(person_id), "the backup knows the choices, so nothing is shown")
    yield "The data of before is back, and knows nothing of it."
    _shown_unserved()
    yield "Nothing is served: the data is older than the last choice."
    restoring.replay()
    _insist(_has_chosen(person_id), "after the replay a choice of theirs is forgotten")
    yield "The replay has made every choice again, and taken back what was taken back."
    restoring.put_back(archives[BackupKind.VAULT], overwrite=True)
    restoring.replay()
    _insist(_has_chosen(person_id), "the keys of before made a choice be forgotten")
    successions.abandon(actor_id=None, succession_id=succession_id)
    yield "The keys of before were put back as well, and every choice holds."


def _about_to_change_hands() -> UUID:
    """A change of hands on which two people agreed."""
    told = Declared(
        acquirer="Made up for the drill",
        country="FR",
        contact="drill@bluegpt.example",
        changes="Nothing: this is a drill.",
    )
    succession_id = successions.declare(actor_id=new_id(), told=told)
    for _colleague in range(2):
        successions.approve(actor_id=new_id(), succession_id=succession_id)
    return succession_id


def _has_chosen(person_id: UUID) -> bool:
    """Whether the fourth person stands as they last chose."""
    stands = standing_now(person_id)
    limits = (stands.is_restricted, stands.only_eea, stands.no_keepers)
    hands = own_succession(person_id)
    return limits == (True, True, False) and hands is not None and hands.objected_at is not None


def _brought_back(
    archives: Mapping[BackupKind, Path], person_id: UUID, *, sealed: int
) -> Iterator[str]:
    """Put the data back, show what that does, replay; then the same with the keys."""
    restoring.put_back(archives[BackupKind.DATA], overwrite=True)
    _shown_unreadable(person_id, sealed)
    yield "The data of before is back, and nothing in it can be read."
    _shown_unserved()
    yield "Nothing is served: the data is older than the last erasure."
    restoring.replay()
    _shown_whole(person_id)
    yield "The replay has ended the rows again."
    restoring.put_back(archives[BackupKind.VAULT], overwrite=True)
    restoring.replay()
    _shown_whole(person_id)
    yield "The keys of before were put back as well, and brought none of theirs back."


def _made_up() -> tuple[UUID, UUID]:
    person_id = _somebody()
    restock()
    return person_id, asyncio.run(_written(person_id))


def _somebody() -> UUID:
    address = f"drill-{new_id()}@bluegpt.example"
    return people.create_person(email=address, password=new_secret()).id


async def _written(person_id: UUID) -> UUID:
    async with as_when_serving():
        await in_thread(restock)
        await live.open_house()
        try:
            asked = await chat.ask(Ask(person_id=person_id, model_key=_MODEL, text=_WORDS))
            await live.finished(person_id=person_id, call_id=asked.call_id)
        finally:
            await live.close_house()
            await close_clients()
    assert asked.conversation_id is not None, "it was stored"
    return asked.conversation_id


async def _deleted(person_id: UUID, conversation_id: UUID) -> None:
    await delete_conversation(person_id=person_id, conversation_id=conversation_id)


def _sealed_values(person_id: UUID) -> Iterator[tuple[bytes, DataClass, str]]:
    """What is sealed of the person in any declared table, its class, and its context."""
    for table in declared():
        rows = apps.get_model(table.model)._base_manager
        for column in table.sealed:
            own = rows.filter(**{table.person_path: person_id})
            for row_id, value in own.values_list("pk", column.column).iterator():
                if value:
                    yield bytes(value), column.data_class, f"{column.place}:{row_id}"


def _left(person_id: UUID) -> list[str]:
    """The tables with rows of the person that the erasure of an account ends."""
    return [
        table.model
        for table in erasure.ending_tables(ErasureScope.ACCOUNT, person_id)
        if erasure.mine(table, person_id).exists()
    ]


def _opens(person_id: UUID) -> int:
    """How many sealed values can be read."""
    opened = 0
    for value, data_class, context in _sealed_values(person_id):
        try:
            seal.open_sealed(value, person_id=person_id, data_class=data_class, context=context)
        except CannotOpen:
            continue
        opened += 1
    return opened


def _shown_unreadable(person_id: UUID, sealed: int) -> None:
    back = sum(1 for _value in _sealed_values(person_id))
    _insist(back >= sealed, "the backup did not bring the rows back, so nothing is shown")
    _insist(_opens(person_id) == 0, "what was erased can be read from the backup")


def _shown_unserved() -> None:
    try:
        erasures.insist_on_replay()
    except ErasuresMissing:
        return
    raise DrillFailed("erased data is back, and would be served")


def _shown_whole(person_id: UUID) -> None:
    erasures.insist_on_replay()
    _insist(erasures.is_caught_up(), "the two journals differ after the replay")
    _insist(not any(_sealed_values(person_id)), "rows are still there after the replay")


def _insist(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DrillFailed(otherwise)
