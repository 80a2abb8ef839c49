"""The words of `bluegpt privacy …`."""

from pathlib import Path

from bluegpt.ops.privacy_requests_parser import add_requests
from bluegpt.ops.privacy_succession_parser import add_succession
from bluegpt.ops.verbs import Nouns, Parser, add_noun, add_verb


def add_privacy(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    """The policy, its proof, the rights and the drills."""
    verbs = add_noun(nouns, everywhere, "privacy", "the policy, its proof, rights and drills")
    audit = add_verb(
        verbs,
        everywhere,
        "audit",
        handler="privacy_audit:show",
        text="every clause of the policy with its mechanism, tests, evidence and status",
    )
    audit.add_argument("--open", action="store_true", help="only what is not accounted for")
    retention = verbs.add_parser(
        "retention", help="what is due to end, and its end", parents=[everywhere]
    ).add_subparsers(metavar="COMMAND", required=True)
    add_verb(
        retention,
        everywhere,
        "plan",
        handler="privacy_retention:plan",
        text="what is due now and within 30 days, unused accounts too; nothing is changed",
    )
    add_verb(
        retention,
        everywhere,
        "run",
        handler="privacy_retention:run",
        text="close unused accounts, end what is due and attest it; 1 when something is left",
    )
    drill = verbs.add_parser(
        "drill", help="rehearsals, on scratch data", parents=[everywhere]
    ).add_subparsers(metavar="COMMAND", required=True)
    rehearsal = add_verb(
        drill,
        everywhere,
        "restore",
        handler="privacy_drill:restore",
        text="back up, erase, restore and erase again a made-up person; 1 when anything is back",
        needs_database=False,
    )
    rehearsal.set_defaults(needs_settings=False)
    add_requests(verbs, everywhere)
    add_succession(verbs, everywhere)
    _receipt(verbs, everywhere)
    register = add_verb(
        verbs,
        everywhere,
        "export-register",
        handler="privacy_register:export",
        text="write the registers (Article 30, processors, transfers) as CSV and HTML",
    )
    register.add_argument("folder", type=Path, metavar="FOLDER", help="made when it is not there")
    _drills(drill, everywhere)
    back = add_verb(
        verbs,
        everywhere,
        "import",
        handler="privacy_import:take_in",
        text="take a portable archive into an account that has nothing yet",
    )
    back.add_argument("email", metavar="EMAIL", help="whose account")
    back.add_argument("file", type=Path, metavar="FILE", help="the archive, a ZIP")
    _assessment(verbs, everywhere)


def _assessment(verbs: "Nouns[Parser]", everywhere: Parser) -> None:
    assessment = add_verb(
        verbs,
        everywhere,
        "assessment",
        handler="privacy_register:assessment",
        text="write out the impact assessment; 1 when it is overdue",
    )
    assessment.add_argument("--language", choices=("en", "fr"), default="en")


def _receipt(verbs: "Nouns[Parser]", everywhere: Parser) -> None:
    receipt = add_noun(verbs, everywhere, "receipt", "what an erasure left in its owner's hands")
    check = add_verb(
        receipt,
        everywhere,
        "check",
        handler="privacy_receipt:check_file",
        text="check a downloaded receipt with nothing but the file",
        needs_database=False,
    )
    check.set_defaults(needs_settings=False)
    check.add_argument("file", type=Path, metavar="FILE", help="the receipt, as JSON")
    check.add_argument("--key", help="the public key that must have signed it, in Base64")


def _drills(drills: "Nouns[Parser]", everywhere: Parser) -> None:
    breach = add_verb(
        drills,
        everywhere,
        "breach",
        handler="privacy_rehearsals:breach",
        text="rehearse a breach on made-up data in a folder of its own",
        needs_database=False,
    )
    breach.set_defaults(needs_settings=False)
    add_verb(
        drills,
        everywhere,
        "adequacy-falls",
        handler="privacy_rehearsals:adequacy_falls",
        text="show which routes close when the adequacy decisions fall, and what to do",
    )
