"""How a word of the `bluegpt` command is made: nouns, verbs, and the kinds of what is typed."""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

from typing_extensions import override

_COMMANDS = "bluegpt.ops.commands"


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence; the usage is a `--help` away."""

    @override
    def error(self, message: str) -> NoReturn:
        sentence = f"{message[:1].upper()}{message[1:]}"
        self.exit(2, f"{sentence}. `{self.prog} --help` shows what there is.\n")


Nouns = argparse._SubParsersAction  # the one name that argparse gives what add_subparsers makes


def everywhere_options() -> Parser:
    """`--data`, understood before and after the command."""
    everywhere = Parser(add_help=False)
    everywhere.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        # Suppressed, or the command's default would overwrite what was said before it.
        default=argparse.SUPPRESS,
        help="the data folder (default: $BLUEGPT_DATA_DIR, else ./data)",
    )
    return everywhere


def add_noun(nouns: "Nouns[Parser]", everywhere: Parser, name: str, text: str) -> "Nouns[Parser]":
    noun = nouns.add_parser(name, help=text, parents=[everywhere], allow_abbrev=False)
    return noun.add_subparsers(metavar="COMMAND", required=True)


def add_verb(
    nouns: "Nouns[Parser]",
    everywhere: Parser,
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
    verb.set_defaults(
        handler=f"{_COMMANDS}.{handler}", needs_database=needs_database, needs_settings=True
    )
    return verb


def port_typed(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; ports are 0 to 65535")
    return int(text)


def day_typed(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; days are YYYY-MM-DD") from None


def positive_typed(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def instant_typed(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an instant; write it like 2026-11-22T09:30Z"
        ) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def name_typed(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a name of 1 to 100 characters")
    return name
