"""`bluegpt credits cases | case | answer | resolve`: what somebody has to look at."""

import argparse
import json
from collections.abc import Mapping
from uuid import UUID

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person
from bluegpt.core.money import credits_text
from bluegpt.credits.queries import cases as case_queries
from bluegpt.credits.services import cases, doubts
from bluegpt.credits.types import CaseKind, CaseView, HoldState, Meter, Settlement
from bluegpt.ops.amounts import microcredits_typed
from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import table

_DECIDED = "We have looked at this call and decided what it costs."


def list_open(arguments: argparse.Namespace) -> int:
    """What waits for an answer, the oldest first. Nobody's words are shown here."""
    kind = None if arguments.kind is None else CaseKind(arguments.kind)
    found = case_queries.open_cases(page=arguments.page, kind=kind)
    if not found:
        print("No case waits for an answer.")
        return 0
    rows = [
        (str(case.id), f"{case.created_at:%Y-%m-%d %H:%M}", case.kind, _whose(case), case.subject)
        for case in found
    ]
    print(table(rows))
    shown = len(found)
    total = case_queries.open_case_count()
    if shown < total:
        print(f"{shown} of {total} open cases; --page shows others, --kind one kind.")
    return 0


def show(arguments: argparse.Namespace) -> int:
    """One case: what it is about, what the person said, and the answer."""
    case = case_queries.case(arguments.case)
    rows = [
        ("kind", case.kind),
        ("state", case.state),
        ("opened", f"{case.created_at:%Y-%m-%d %H:%M} UTC"),
        ("about", case.subject),
        ("person", _whose(case)),
        ("hold", str(case.hold_id or "")),
        ("lines", str(case.group_id or "")),
        *((name, str(fact)) for name, fact in sorted(case.facts.items())),
    ]
    if case.answered_at is not None:
        rows += [
            ("answered", f"{case.answered_at:%Y-%m-%d %H:%M} UTC by {case.answered_by}"),
            ("given back", f"{credits_text(case.given_back_microcredits)} credits"),
        ]
    print(table([row for row in rows if row[1]]))
    for title, words in (("They wrote", case.words), ("The answer", case.answer)):
        if words:
            print(f"\n{title}:\n{words}")
    return 0


def answer(arguments: argparse.Namespace) -> int:
    """Answer a case; with an amount, that much comes back for its call."""
    given = 0 if arguments.give_back is None else microcredits_typed(arguments.give_back)
    cases.answer(
        cases.Answer(
            case_id=arguments.case,
            author=arguments.author,
            words=arguments.words,
            give_back_microcredits=given,
        )
    )
    came_back = f"; {credits_text(given)} credits came back" if given else ""
    print(f"Answered{came_back}.")
    return 0


def resolve(arguments: argparse.Namespace) -> int:
    """Decide what a call costs whose usage nobody could believe."""
    words = arguments.words or _DECIDED
    if arguments.release:
        ended = doubts.release(hold_id=arguments.hold, author=arguments.author, words=words)
    else:
        ended = doubts.settle(
            hold_id=arguments.hold,
            quantities=_quantities(arguments.settle),
            author=arguments.author,
            words=words,
            context_tokens=arguments.context_tokens,
        )
    print(_told(ended))
    return 0


def _quantities(text: str) -> Mapping[str, int]:
    """Quantities by meter, as {"input": 10, "output": 25}. Raises Complaint."""
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict) or not all(
        type(quantity) is int and quantity >= 0 for quantity in given.values()
    ):
        raise Complaint(
            '--settle takes whole quantities by meter: \'{"input": 10, "output": 25}\'.'
        )
    unknown = sorted(set(given) - {meter.value for meter in Meter})
    if unknown:
        known = ", ".join(meter.value for meter in Meter)
        raise Complaint(f"No meter is called {unknown[0]!r}. There are: {known}.")
    return given


def _told(ended: Settlement) -> str:
    charged, returned = ended.charged_microcredits, ended.released_microcredits
    verb = "Settled" if ended.state is HoldState.SETTLED else "Released"
    borne = ended.absorbed_microcredits
    loss = f"; {credits_text(borne)} are borne by us" if borne else ""
    return (
        f"{verb}: {credits_text(charged)} credits charged, {credits_text(returned)} returned{loss}."
    )


def _whose(case: CaseView) -> str:
    return "" if case.person_id is None else _address(case.person_id)


def _address(person_id: UUID) -> str:
    """An e-mail address; of a closed account only the id is left."""
    try:
        return person(person_id).email
    except UnknownPerson:
        return str(person_id)
