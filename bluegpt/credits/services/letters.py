"""What people are told by mail about their credits. A closed account is told nothing."""

from datetime import date
from typing import Any
from uuid import UUID

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.api_keys import api_keys
from bluegpt.accounts.queries.people import person
from bluegpt.credits.queries import balances, cases
from bluegpt.credits.queries.caps import cap
from bluegpt.credits.rules.capping import next_starts_on
from bluegpt.mailroom.services import letters


def tell_cap_passed(*, person_id: UUID, cap_id: UUID, percent: int, starts_on: date) -> None:
    """A mark of a spending limit was passed; stale news, of a period that is over, is dropped."""
    found = cap(cap_id)
    if found is None:
        return
    if next_starts_on(found.period, starts_on) != found.starts_again_at.date():
        return
    key_names = [key.name for key in api_keys(person_id) if key.id == found.key_id]
    facts = {"cap": found, "percent": percent, "key_name": "".join(key_names)}
    _send(person_id, "cap_passed", facts)


def tell_lot_ends_soon(*, lot_id: UUID) -> None:
    """Credits end soon; nothing is said when none of them are left."""
    found = balances.ending_lot(lot_id)
    if found is not None:
        _send(found.person_id, "lot_ends_soon", {"lot": found})


def tell_dispute_answered(*, person_id: UUID, case_id: UUID) -> None:
    """A question about a line has its answer, which is read on the site and not in the mail."""
    found = cases.own_case(person_id=person_id, case_id=case_id)
    _send(person_id, "dispute_answered", {"case": found})


def _send(person_id: UUID, name: str, facts: dict[str, Any]) -> None:
    try:
        reader = person(person_id)
    except UnknownPerson:
        return
    letters.send(
        to=reader.email, language=reader.language, template=f"credits/email/{name}", facts=facts
    )
