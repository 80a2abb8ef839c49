"""The words of `bluegpt privacy succession …`."""

from pathlib import Path

from bluegpt.ops.verbs import Nouns, Parser, add_noun, add_verb

_HANDLERS = "privacy_succession"


def add_succession(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    """What is planned, who was not reached, the bundle, and giving it up."""
    verbs = add_noun(nouns, everywhere, "succession", "the service changing hands")
    for verb, text in {
        "list": "every change of hands, with its day and its counts",
        "undelivered": "the ids of people who have not been told, one a line",
        "abandon": "give up what is planned: nothing is handed over, and the freeze ends",
    }.items():
        handler = f"{_HANDLERS}:{'list_all' if verb == 'list' else verb}"
        add_verb(verbs, everywhere, verb, handler=handler, text=text)
    bundle = add_verb(
        verbs,
        everywhere,
        "bundle",
        handler=f"{_HANDLERS}:bundle",
        text="seal what is handed over, once the notice is over; a receipt stands beside it",
    )
    bundle.add_argument("out", type=Path, metavar="OUT", help="the file to write")
    bundle.add_argument(
        "--to",
        type=Path,
        metavar="KEYFILE",
        required=True,
        help="the public key of whoever takes over, X25519 in PEM",
    )
    bundle.add_argument(
        "--undelivered",
        type=Path,
        metavar="FILE",
        help="ids of people who could not be told and are left out, as `undelivered` prints them",
    )
    opening = add_verb(
        verbs,
        everywhere,
        "open",
        handler=f"{_HANDLERS}:open_bundle",
        text="open a bundle with nothing but the file and the private key",
        needs_database=False,
    )
    opening.set_defaults(needs_settings=False)
    opening.add_argument("file", type=Path, metavar="FILE", help="the bundle")
    opening.add_argument("out", type=Path, metavar="OUT", help="the tar file to write")
    opening.add_argument("--key", type=Path, metavar="KEYFILE", required=True, help="PEM")
