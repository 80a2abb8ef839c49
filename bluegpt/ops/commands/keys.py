"""`bluegpt key …`"""

import argparse

from bluegpt.accounts.queries.people import person_by_email
from bluegpt.core.money import credits_text
from bluegpt.credits.services import keys
from bluegpt.ops.amounts import microcredits_typed
from bluegpt.ops.terminal import tell


def create(arguments: argparse.Namespace) -> int:
    """Make an API key. Standard output gets the secret alone, so that a script can keep it."""
    person = person_by_email(arguments.email)
    cap = None if arguments.cap is None else microcredits_typed(arguments.cap)
    facts, secret = keys.create(
        person_id=person.id, name=arguments.name, monthly_limit_microcredits=cap
    )
    limit = "" if cap is None else f", {credits_text(cap)} credits a month at most"
    tell(f"Key “{facts.name}” of {person.email}{limit}. It is shown this once:")
    print(secret)
    return 0
