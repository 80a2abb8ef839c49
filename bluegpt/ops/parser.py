"""The words of the `bluegpt` command: what may be typed, and which function answers."""

import argparse
from pathlib import Path
from uuid import UUID

from bluegpt.ops.privacy_parser import add_privacy
from bluegpt.ops.staff_parser import add_staff
from bluegpt.ops.verbs import (
    Nouns,
    Parser,
    add_noun,
    add_verb,
    day_typed,
    everywhere_options,
    instant_typed,
    name_typed,
    port_typed,
    positive_typed,
)


def parser() -> argparse.ArgumentParser:
    """All commands. `handler` of the parsed arguments is the dotted place of the function."""
    everywhere = everywhere_options()
    top = Parser(prog="bluegpt", description="Run a BlueGPT installation.", parents=[everywhere])
    nouns = top.add_subparsers(metavar="COMMAND", required=True)
    _serve(nouns, everywhere)
    _user(nouns, everywhere)
    _key(nouns, everywhere)
    _credits(nouns, everywhere)
    _ledger(nouns, everywhere)
    _statement(nouns, everywhere)
    _models(nouns, everywhere)
    _reconcile(nouns, everywhere)
    _backups(nouns, everywhere)
    add_privacy(nouns, everywhere)
    add_staff(nouns, everywhere)
    add_verb(
        nouns,
        everywhere,
        "doctor",
        handler="doctor:examine",
        text="look at everything an installation stands on, and say what to do",
        needs_database=False,
    )
    return top


def _serve(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    serve = add_verb(
        nouns,
        everywhere,
        "serve",
        handler="serve:serve",
        text="serve the site, migrating its databases first",
        needs_database=False,
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument(
        "--port", type=port_typed, default=8000, help="0 takes a free one (%(default)s)"
    )
    serve.add_argument(
        "--workers",
        type=positive_typed,
        default=1,
        help="processes; several need Valkey (%(default)s)",
    )


def _backups(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    backup = add_verb(
        nouns,
        everywhere,
        "backup",
        handler="backup:run",
        text="archive data and keys, apart from each other, and end archives whose life is over",
    )
    backup.add_argument(
        "what",
        nargs="?",
        choices=("all", "data", "vault", "prune"),
        default="all",
        help="prune only ends what is over (%(default)s)",
    )
    restore = add_verb(
        nouns,
        everywhere,
        "restore",
        handler="restore:run",
        text="put an archive in place, and erase again what was erased since",
        needs_database=False,
    )
    restore.add_argument("archive", nargs="?", type=Path, metavar="ARCHIVE")
    restore.add_argument(
        "--over", action="store_true", help="replace an installation that has people in it"
    )
    restore.add_argument("--check", action="store_true", help="only read the archive to its end")
    restore.add_argument(
        "--replay", action="store_true", help="without an archive: only erase again"
    )


def _user(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    verbs = add_noun(nouns, everywhere, "user", "people with an account")
    create = add_verb(
        verbs,
        everywhere,
        "create",
        handler="users:create",
        text="make an account whose address counts as confirmed",
    )
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--staff", action="store_true", help="may see the staff pages")
    create.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def _key(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    verbs = add_noun(nouns, everywhere, "key", "API keys")
    create = add_verb(
        verbs,
        everywhere,
        "create",
        handler="keys:create",
        text="make an API key; standard output gets the key and nothing else",
    )
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--name", required=True, help="what its owner will recognise it by")
    create.add_argument("--cap", metavar="CREDITS", help="the most it may spend in a month")


def _credits(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    verbs = add_noun(nouns, everywhere, "credits", "what people may spend")
    grant = add_verb(
        verbs, everywhere, "grant", handler="credits:grant", text="give a person credits"
    )
    grant.add_argument("email", metavar="EMAIL")
    grant.add_argument("amount", metavar="CREDITS")
    grant.add_argument("--reason", metavar="TEXT", required=True, help="stands in the ledger")
    balance = add_verb(
        verbs,
        everywhere,
        "balance",
        handler="credits:balance",
        text="what a person can spend, and which lots it comes from",
    )
    balance.add_argument("email", metavar="EMAIL")

    _cases(verbs, everywhere)
    _adjustments(verbs, everywhere)


def _cases(verbs: "Nouns[Parser]", everywhere: Parser) -> None:
    waiting = add_verb(
        verbs, everywhere, "cases", handler="cases:list_open", text="what waits for an answer"
    )
    waiting.add_argument("--kind", choices=("dispute", "quarantine", "reconciliation"))
    waiting.add_argument(
        "--page", type=positive_typed, default=1, help="50 cases each (%(default)s)"
    )
    show = add_verb(
        verbs, everywhere, "case", handler="cases:show", text="one case, with its words"
    )
    show.add_argument("case", type=UUID, metavar="CASE")
    answer = add_verb(
        verbs, everywhere, "answer", handler="cases:answer", text="answer a case, once"
    )
    answer.add_argument("case", type=UUID, metavar="CASE")
    answer.add_argument("--words", metavar="TEXT", required=True, help="shown to the person")
    answer.add_argument("--give-back", metavar="CREDITS", help="comes back for the case's call")
    _author(answer)
    resolve = add_verb(
        verbs,
        everywhere,
        "resolve",
        handler="cases:resolve",
        text="decide what a call costs whose usage nobody could believe",
    )
    resolve.add_argument("hold", type=UUID, metavar="HOLD")
    ending = resolve.add_mutually_exclusive_group(required=True)
    ending.add_argument(
        "--settle", metavar="JSON", help='charge these quantities: \'{"input": 10, "output": 25}\''
    )
    ending.add_argument("--release", action="store_true", help="charge nothing, at our cost")
    resolve.add_argument(
        "--context-tokens",
        type=positive_typed,
        metavar="N",
        help="for the price tier (all the input)",
    )
    resolve.add_argument("--words", metavar="TEXT", help="what the person reads about it")
    _author(resolve)


def _adjustments(verbs: "Nouns[Parser]", everywhere: Parser) -> None:
    correct = add_verb(
        verbs,
        everywhere,
        "correct",
        handler="adjustments:correct",
        text="give back what a call was charged too much",
    )
    correct.add_argument("hold", type=UUID, metavar="HOLD", help="the call's first hold")
    correct.add_argument("amount", metavar="CREDITS")
    correct.add_argument("--reason", metavar="TEXT", required=True, help="stands in the ledger")
    correct.add_argument(
        "--reference", metavar="TEXT", required=True, help="the ticket or report behind it"
    )
    clawback = add_verb(
        verbs,
        everywhere,
        "clawback",
        handler="adjustments:claw_back",
        text="take back a lot whose payment was returned or contested",
    )
    clawback.add_argument("source_kind", metavar="SOURCE_KIND", help="as granted: invoice_line")
    clawback.add_argument(
        "source_id", metavar="SOURCE_ID", help="of a welcome: the wallet's number, see a statement"
    )
    clawback.add_argument(
        "amount",
        metavar="CREDITS",
        nargs="?",
        help="what is spent of it becomes a debt; none: the unspent rest, no debt",
    )
    clawback.add_argument("--reason", metavar="TEXT", required=True, help="stands in the ledger")
    for verb in (correct, clawback):
        verb.add_argument("--id", type=UUID, metavar="ID", help="repeat an earlier run safely")
        _author(verb)


def _author(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--author",
        type=name_typed,
        metavar="NAME",
        default="operator",
        help="who decides it (%(default)s)",
    )


def _ledger(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    verbs = add_noun(nouns, everywhere, "ledger", "the books")
    verify = add_verb(
        verbs,
        everywhere,
        "verify",
        handler="ledger:verify",
        text="check every invariant of the books, and stop at the first that is broken",
    )
    verify.add_argument(
        "--as-of",
        type=instant_typed,
        metavar="INSTANT",
        help="make the books again as they stood before an instant: 2026-11-22T09:30Z",
    )
    verify.add_argument("--all", action="store_true", help="do not stop at a broken invariant")


def _statement(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    verbs = add_noun(nouns, everywhere, "statement", "what a person downloads")
    check = add_verb(
        verbs,
        everywhere,
        "check",
        handler="statement:check_file",
        text="check a downloaded statement with nothing but the file",
        needs_database=False,
    )
    check.set_defaults(needs_settings=False)
    check.add_argument("file", type=Path, metavar="FILE", help="the statement, as JSON")
    check.add_argument(
        "--head", metavar="DIGEST", help="a published digest that the chain must contain"
    )


def _models(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    verbs = add_noun(nouns, everywhere, "models", "what can be asked, and its prices")
    add_verb(
        verbs,
        everywhere,
        "list",
        handler="models:list_all",
        text="every model, whether it can be used, and its price",
    )
    refresh = add_verb(
        verbs,
        everywhere,
        "refresh",
        handler="models:refresh",
        text="replace the catalogue by a file and publish its prices",
    )
    refresh.add_argument("file", type=Path, metavar="FILE", help="JSON: a price map, or our format")


def _reconcile(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    verb = add_verb(
        nouns,
        everywhere,
        "reconcile",
        handler="reconcile:compare",
        text="compare a day with a provider's usage report, and give back what was too much",
    )
    verb.add_argument("provider", choices=("openai", "anthropic"))
    verb.add_argument(
        "--day", type=day_typed, metavar="YYYY-MM-DD", help="in UTC (default: yesterday)"
    )
    verb.add_argument(
        "--from-file", type=Path, metavar="FILE", help="the report, instead of asking for it"
    )
