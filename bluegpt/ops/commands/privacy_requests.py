"""`bluegpt privacy request …`: requests about somebody's data, as staff record and answer them."""

import argparse
from collections.abc import Callable

from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import table
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.queries.directives import directions
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import granting, recipient_notices, request_codes, request_letters
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import Channel, Contact, Proof, RequestView
from bluegpt.privacy.types.rights import Right


def new(arguments: argparse.Namespace) -> int:
    """Record what came by mail or post; with an address, a code goes there."""
    request_id = desk.record_request(
        contact=Contact(
            name=arguments.name or "", email=arguments.email or "", post=arguments.post or ""
        ),
        right=Right(arguments.right),
        channel=Channel(arguments.channel),
        words=arguments.words or "",
        received_on=arguments.received_on or desk.today(),
        by=arguments.author,
    )
    if arguments.email:
        request_codes.send_code(request_id=request_id)
    found = queries.request(request_id)
    print(f"Recorded as {found.reference}; the answer is due by {found.due_on}.")
    return 0


def list_open(arguments: argparse.Namespace) -> int:
    """What waits for an answer, the most urgent first. Nobody's words are shown here."""
    found = queries.open_requests(page=arguments.page)
    if not found:
        print("No request waits for an answer.")
        return 0
    rows = [
        (each.reference, f"due {each.due_on}", each.right, each.state, each.channel)
        for each in found
    ]
    print(table(rows))
    return 0


def show(arguments: argparse.Namespace) -> int:
    """One request with its words, its steps, and the grounds on which it may be refused."""
    found = queries.request_by_reference(arguments.reference)
    rows = [
        ("right", found.right),
        ("state", found.state),
        ("proof", found.proof),
        ("received", f"{found.received_on} by {found.channel}"),
        ("due", f"{found.due_on}{' (extended)' if found.is_extended else ''}"),
        ("name", found.contact.name),
        ("mail", found.contact.email),
        ("post", found.contact.post),
        ("grounds", ", ".join(manifest().rights.rights[found.right].refusals)),
        *_directions(found),
        ("to be told", ", ".join(recipient_notices.waiting_to_be_told(request_id=found.id))),
    ]
    print(table([row for row in rows if row[1]]))
    if found.words:
        print(f"\nThey wrote:\n{found.words}")
    print()
    print(table([(f"{step.at:%Y-%m-%d %H:%M}", step.kind, step.by) for step in found.steps]))
    return 0


def letter(arguments: argparse.Namespace) -> int:
    """The latest letter of a request, to be printed and sent by post."""
    found = queries.request_by_reference(arguments.reference)
    written = [step for step in found.steps if step.kind in request_letters.LETTERS]
    subject, text = request_letters.drawn_up(request_id=found.id, step_id=written[-1].id)
    print(f"{found.contact.name}\n{found.contact.post}\n\n{subject}\n\n{text}")
    return 0


def identify(arguments: argparse.Namespace) -> int:
    """Note that an examined document shows who asks."""
    found = _found(arguments)
    desk.identify(request_id=found.id, proof=Proof.DOCUMENT, by=arguments.author)
    return _said(found)


def clarify(arguments: argparse.Namespace) -> int:
    """Ask what is meant; the clock runs on."""
    found = _found(arguments)
    desk.ask_clarification(request_id=found.id, words=arguments.words, by=arguments.author)
    return _said(found)


def extend(arguments: argparse.Namespace) -> int:
    """Extend the term, once."""
    found = _found(arguments)
    desk.extend(
        request_id=found.id,
        by_months=arguments.months,
        words=arguments.words,
        by=arguments.author,
    )
    return _said(found)


def refuse(arguments: argparse.Namespace) -> int:
    """Refuse on a coded ground; a part of it when something was delivered."""
    found = _found(arguments)
    act = granting.grant_part if arguments.partly else desk.refuse
    act(request_id=found.id, ground=arguments.ground, words=arguments.words, by=arguments.author)
    return _said(found)


def deliver(arguments: argparse.Namespace) -> int:
    """Say that it is done."""
    found = _found(arguments)
    granting.grant(
        request_id=found.id,
        by=arguments.author,
        words=arguments.words or "",
        purposes=arguments.purpose,
    )
    return _said(found)


def move_on(arguments: argparse.Namespace) -> int:
    """Collect, review or close."""
    acts: dict[str, Callable[..., None]] = {
        "collecting": desk.collect,
        "reviewing": desk.review,
        "closed": desk.close,
    }
    found = _found(arguments)
    acts[arguments.state](request_id=found.id, by=arguments.author)
    return _said(found)


def _directions(found: RequestView) -> list[tuple[str, str]]:
    """What the deceased laid down, for the request of an heir; nobody else's business."""
    if found.right is not Right.HEIRS or not found.has_account:
        return []
    known = directions(found.person_id)
    trusted = known.trusted or Contact()
    wishes = [(f"direction: {kind}", wish.value) for kind, wish in sorted(known.wishes.items())]
    return [*wishes, ("trusted", f"{trusted.name} {trusted.email} {trusted.post}".strip())]


def _found(arguments: argparse.Namespace) -> RequestView:
    found = queries.request_by_reference(arguments.reference)
    if arguments.author in {desk.BY_PERSON, desk.BY_DESK}:
        raise Complaint("--author is the name of whoever decides it.")
    return found


def _said(found: RequestView) -> int:
    after = queries.request(found.id)
    print(f"{after.reference}: {after.state}, due by {after.due_on}.")
    return 0
