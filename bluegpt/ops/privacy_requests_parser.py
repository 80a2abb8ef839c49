"""The words of `bluegpt privacy request …`."""

import argparse

from bluegpt.ops.verbs import (
    Nouns,
    Parser,
    add_noun,
    add_verb,
    day_typed,
    name_typed,
    positive_typed,
)
from bluegpt.privacy.types.rights import Right

_HANDLERS = "privacy_requests"


def add_requests(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    """Recording, looking at and answering requests."""
    verbs = add_noun(nouns, everywhere, "request", "what people ask about their data")
    _new(verbs, everywhere)
    waiting = add_verb(
        verbs,
        everywhere,
        "list",
        handler=f"{_HANDLERS}:list_open",
        text="what waits for an answer, the most urgent first",
    )
    waiting.add_argument(
        "--page", type=positive_typed, default=1, help="50 requests each (%(default)s)"
    )
    for verb, text in {
        "show": "one request, its words, its steps and the grounds of refusal",
        "letter": "its latest letter, to be sent by post",
    }.items():
        _about(verbs, everywhere, verb, text)
    for verb, text in {
        "identify": "note that an examined document shows who asks",
        "clarify": "ask what is meant; the clock runs on",
        "extend": "extend the term once, by two months at most",
        "refuse": "refuse on a coded ground of law",
        "deliver": "say that what was asked is done",
        "move_on": "collect, review or close",
    }.items():
        decided = _about(verbs, everywhere, verb, text)
        decided.add_argument("--author", type=name_typed, metavar="NAME", required=True)
        _words(decided, verb)


def _new(verbs: "Nouns[Parser]", everywhere: Parser) -> None:
    new = add_verb(
        verbs,
        everywhere,
        "new",
        handler=f"{_HANDLERS}:new",
        text="record what came by mail or by post",
    )
    new.add_argument("right", choices=[right.value for right in Right])
    new.add_argument("--channel", choices=("email", "post"), required=True)
    new.add_argument(
        "--received-on",
        type=day_typed,
        metavar="YYYY-MM-DD",
        help="its day of receipt, from which the term runs (default: today)",
    )
    new.add_argument("--name", metavar="TEXT")
    new.add_argument("--email", metavar="ADDRESS", help="a code goes there, to know who asks")
    new.add_argument("--post", metavar="TEXT", help="postal address")
    new.add_argument("--words", metavar="TEXT", help="what they wrote")
    new.add_argument("--author", type=name_typed, metavar="NAME", required=True)


def _about(
    verbs: "Nouns[Parser]", everywhere: Parser, verb: str, text: str
) -> argparse.ArgumentParser:
    name = "move-on" if verb == "move_on" else verb
    added = add_verb(verbs, everywhere, name, handler=f"{_HANDLERS}:{verb}", text=text)
    added.add_argument("reference", metavar="REFERENCE")
    return added


def _words(verb: argparse.ArgumentParser, name: str) -> None:
    if name in {"clarify", "extend", "refuse", "deliver"}:
        verb.add_argument(
            "--words", metavar="TEXT", required=name != "deliver", help="stands in the letter"
        )
    if name == "deliver":
        verb.add_argument(
            "--purpose",
            metavar="KEY",
            action="append",
            default=[],
            help="what an objection shuts; may be said again",
        )
    if name == "extend":
        verb.add_argument("--months", type=positive_typed, default=2, help="1 or 2 (%(default)s)")
    if name == "refuse":
        verb.add_argument("--ground", metavar="CODE", required=True, help="`show` lists them")
        verb.add_argument("--partly", action="store_true", help="the rest was delivered")
    if name == "move_on":
        verb.add_argument("state", choices=("collecting", "reviewing", "closed"))
