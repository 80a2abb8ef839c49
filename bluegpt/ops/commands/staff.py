"""`bluegpt staff …`: roles given at the console, and the log of what staff did."""

import argparse
from datetime import UTC, datetime, time

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person, person_by_email
from bluegpt.accounts.services.staff import admit
from bluegpt.ops.errors import Complaint
from bluegpt.ops.terminal import table
from bluegpt.privacy.queries import staff as queries
from bluegpt.privacy.queries import staff_log
from bluegpt.privacy.services import staff as services
from bluegpt.privacy.types.staff import Grant


def grant(arguments: argparse.Namespace) -> int:
    """Give a role until the end of a day."""
    chosen = person_by_email(arguments.email)
    ends_at = datetime.combine(arguments.until, time.max, tzinfo=UTC)
    given = services.grant(actor_id=None, person_id=chosen.id, role=arguments.role, ends_at=ends_at)
    admit(person_id=chosen.id)
    print(f"{chosen.email} has the role {given.role} until {arguments.until} ({given.id}).")
    print("The staff pages open once their account has a second step at log-in.")
    return 0


def listing(_arguments: argparse.Namespace) -> int:
    """The latest grants, current ones and ended ones."""
    rows = [
        (
            str(each.id),
            each.role,
            "open" if each.is_current else "ended",
            f"until {each.ends_at:%Y-%m-%d %H:%M}",
            _address(each),
        )
        for each in queries.grants()
    ]
    print(table(rows) or "Nobody has a role.")
    return 0


def revoke(arguments: argparse.Namespace) -> int:
    """Take a role back."""
    services.revoke(actor_id=None, grant_id=arguments.grant)
    print("The role is taken back.")
    return 0


def log(arguments: argparse.Namespace) -> int:
    """Walk the whole chain; 1 when it does not hold."""
    found = staff_log.verify()
    if found.broken_at is not None:
        print(f"The chain is broken at entry {found.broken_at}: the database was changed.")
        return 1
    if arguments.head and not _is_there(arguments.head):
        print("The head that you noted is not in the chain: the chain was rewritten or cut off.")
        return 1
    print(f"{found.entries} entries hold. Head {found.head_number}:{found.head_digest}")
    return 0


def _is_there(head: str) -> bool:
    number, _colon, digest = head.partition(":")
    if not number.isdecimal() or not digest:
        raise Complaint("--head takes what an earlier verification printed: NUMBER:DIGEST.")
    return staff_log.digest_at(int(number)) == digest


def _address(grant: Grant) -> str:
    try:
        return person(grant.person_id).email
    except UnknownPerson:
        return str(grant.person_id)
