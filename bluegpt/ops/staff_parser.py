"""The words of `bluegpt staff …`."""

from uuid import UUID

from bluegpt.ops.verbs import Nouns, Parser, add_noun, add_verb, day_typed


def add_staff(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    """Roles, and the log of what staff did."""
    verbs = add_noun(nouns, everywhere, "staff", "who may open the staff pages, and what they did")
    grant = add_verb(
        verbs, everywhere, "grant", handler="staff:grant", text="give somebody a role until a day"
    )
    grant.add_argument("email", metavar="EMAIL")
    grant.add_argument("role", metavar="ROLE", help="a key of the manifest's chapter `staff`")
    grant.add_argument(
        "--until", type=day_typed, metavar="DAY", required=True, help="the last day, in UTC"
    )
    add_verb(verbs, everywhere, "list", handler="staff:listing", text="list the roles given")
    revoke = add_verb(
        verbs, everywhere, "revoke", handler="staff:revoke", text="take a role back at once"
    )
    revoke.add_argument("grant", type=UUID, metavar="GRANT")
    log = add_verb(
        verbs, everywhere, "log", handler="staff:log", text="verify the log of what staff did"
    )
    log.add_argument(
        "--head", metavar="NUMBER:DIGEST", help="a head that was noted earlier must still be there"
    )
