"""The words of the `bluegpt` command: what may be typed, and which function answers."""

import argparse
from pathlib import Path
from typing import NoReturn

from typing_extensions import override

_COMMANDS = "bluegpt.ops.commands"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence; the usage is a `--help` away."""

    @override
    def error(self, message: str) -> NoReturn:
        sentence = f"{message[:1].upper()}{message[1:]}"
        self.exit(2, f"{sentence}. `{self.prog} --help` shows what there is.\n")


Nouns = argparse._SubParsersAction  # the one name that argparse gives what add_subparsers makes


def parser() -> argparse.ArgumentParser:
    """All commands. `handler` of the parsed arguments is the dotted place of the function."""
    everywhere = _everywhere()
    top = _Parser(prog="bluegpt", description="Run a BlueGPT installation.", parents=[everywhere])
    nouns = top.add_subparsers(metavar="COMMAND", required=True)
    _serve(nouns, everywhere)
    _user(nouns, everywhere)
    _key(nouns, everywhere)
    _credits(nouns, everywhere)
    _ledger(nouns, everywhere)
    _models(nouns, everywhere)
    _verb(
        nouns,
        everywhere,
        "doctor",
        handler="doctor:examine",
        text="look at everything an installation stands on, and say what to do",
        needs_database=False,
    )
    return top


def _everywhere() -> _Parser:
    """`--data`, understood before and after the command."""
    everywhere = _Parser(add_help=False)
    everywhere.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        # Suppressed, or the command's default would overwrite what was said before it.
        default=argparse.SUPPRESS,
        help="the data folder (default: $BLUEGPT_DATA_DIR, else ./data)",
    )
    return everywhere


def _serve(nouns: "Nouns[_Parser]", everywhere: _Parser) -> None:
    serve = _verb(
        nouns,
        everywhere,
        "serve",
        handler="serve:serve",
        text="serve the site, migrating its databases first",
        needs_database=False,
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=_port, default=8000, help="0 takes a free one (%(default)s)")
    serve.add_argument(
        "--workers", type=_positive, default=1, help="processes; several need Valkey (%(default)s)"
    )


def _user(nouns: "Nouns[_Parser]", everywhere: _Parser) -> None:
    verbs = _noun(nouns, everywhere, "user", "people with an account")
    create = _verb(
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


def _key(nouns: "Nouns[_Parser]", everywhere: _Parser) -> None:
    verbs = _noun(nouns, everywhere, "key", "API keys")
    create = _verb(
        verbs,
        everywhere,
        "create",
        handler="keys:create",
        text="make an API key; standard output gets the key and nothing else",
    )
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--name", required=True, help="what its owner will recognise it by")
    create.add_argument("--cap", metavar="CREDITS", help="the most it may spend in a month")


def _credits(nouns: "Nouns[_Parser]", everywhere: _Parser) -> None:
    verbs = _noun(nouns, everywhere, "credits", "what people may spend")
    grant = _verb(verbs, everywhere, "grant", handler="credits:grant", text="give a person credits")
    grant.add_argument("email", metavar="EMAIL")
    grant.add_argument("amount", metavar="CREDITS")
    grant.add_argument("--reason", metavar="TEXT", required=True, help="stands in the ledger")
    balance = _verb(
        verbs,
        everywhere,
        "balance",
        handler="credits:balance",
        text="what a person can spend, and which lots it comes from",
    )
    balance.add_argument("email", metavar="EMAIL")


def _ledger(nouns: "Nouns[_Parser]", everywhere: _Parser) -> None:
    verbs = _noun(nouns, everywhere, "ledger", "the books")
    _verb(
        verbs,
        everywhere,
        "verify",
        handler="ledger:verify",
        text="check every invariant of the books",
    )


def _models(nouns: "Nouns[_Parser]", everywhere: _Parser) -> None:
    verbs = _noun(nouns, everywhere, "models", "what can be asked, and its prices")
    _verb(
        verbs,
        everywhere,
        "list",
        handler="models:list_all",
        text="every model, whether it can be used, and its price",
    )
    refresh = _verb(
        verbs,
        everywhere,
        "refresh",
        handler="models:refresh",
        text="replace the catalogue by a file and publish its prices",
    )
    refresh.add_argument("file", type=Path, metavar="FILE", help="JSON: a price map, or our format")


def _noun(nouns: "Nouns[_Parser]", everywhere: _Parser, name: str, text: str) -> "Nouns[_Parser]":
    noun = nouns.add_parser(name, help=text, parents=[everywhere], allow_abbrev=False)
    return noun.add_subparsers(metavar="COMMAND", required=True)


def _verb(
    nouns: "Nouns[_Parser]",
    everywhere: _Parser,
    name: str,
    *,
    handler: str,
    text: str,
    needs_database: bool = True,
) -> argparse.ArgumentParser:
    verb = nouns.add_parser(
        name,
        help=text,
        description=f"{text[:1].upper()}{text[1:]}.",
        parents=[everywhere],
        allow_abbrev=False,
    )
    verb.set_defaults(handler=f"{_COMMANDS}.{handler}", needs_database=needs_database)
    return verb


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; ports are 0 to 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)
