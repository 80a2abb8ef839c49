"""What the sandbox says: a fixed text in the language of the question, the same every time."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bluegpt.providers.adapters.sandbox.ask import Ask, Attachment
from bluegpt.providers.adapters.sandbox.switches import without_switches

GIST_CHARS_MAX = 160
_CHAPTERS = ("first", "second", "third")

_SECTION = re.compile(r"^=== (\w+)\n(.*?)\n(?=^===|\Z)", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>$|#~&])")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu)['\u2019](?=[a-z\u00c0-\u024f])", re.IGNORECASE)
_FRENCH_LETTER = re.compile("[àâçéèêëîïôùûœ]", re.IGNORECASE)


def answer(ask: Ask) -> str:
    """The Markdown of one answer; it depends on the conversation and on nothing else."""
    words = _words(ask)
    turn = _turn(ask)
    chapter = _CHAPTERS[turn - 1] if turn <= len(_CHAPTERS) else "later"
    return _fill(
        words[chapter],
        about=_about(ask, words),
        turn=turn,
        triangle=turn * (turn + 1) // 2,
    )


def thinking(ask: Ask) -> str:
    """What stands before the answer when the model thinks."""
    count = len(_WORD.findall(without_switches(ask.last_user_text)))
    return _fill(_words(ask)["thinking"], words=count, turn=_turn(ask))


def refusal(ask: Ask) -> str:
    """The sentence of a model that declines."""
    return _words(ask)["refusal"]


def filler(ask: Ask) -> str:
    """Text of any length: it is said again and again until the length is reached."""
    return _words(ask)["filler"] + " "


def language(ask: Ask) -> str:
    """`fr` or `en`, from the last thing the person wrote that tells."""
    for said in reversed(ask.turns):
        text = without_switches(said.text)
        if said.role == "user" and (score := _french_score(text)):
            return "fr" if score > 0 else "en"
    return "en"


def _french_score(text: str) -> int:
    text = text[:2_000]
    words = [word.lower() for word in _WORD.findall(text)]
    french = sum(word in _common("french.txt") for word in words)
    marks = len(_ELISION.findall(text)) + len(_FRENCH_LETTER.findall(text))
    return french + marks - sum(word in _common("english.txt") for word in words)


@cache
def _common(name: str) -> frozenset[str]:
    return frozenset(_sections(name)["common"].split())


def _words(ask: Ask) -> Mapping[str, str]:
    return _sections("french.txt" if language(ask) == "fr" else "english.txt")


@cache
def _sections(name: str) -> Mapping[str, str]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return {name: body.strip("\n") for name, body in _SECTION.findall(text)}


def _fill(text: str, **values: object) -> str:
    for name, value in values.items():
        text = text.replace(f"<<{name}>>", str(value))
    return text


def _turn(ask: Ask) -> int:
    return max(1, sum(said.role == "user" for said in ask.turns))


def _about(ask: Ask, words: Mapping[str, str]) -> str:
    """The paragraphs about what came in: the question, the attachments, the instructions."""
    gist = _gist(without_switches(ask.last_user_text))
    said = [_fill(words["gist"], gist=gist)] if gist else []
    last = next((turn for turn in reversed(ask.turns) if turn.role == "user"), None)
    said += [_mention(attachment, words) for attachment in (last.attachments if last else ())]
    if ask.system:
        said.append(_fill(words["system"], words=len(ask.system.split())))
    return "\n\n".join(said) or "…"


def _mention(attachment: Attachment, words: Mapping[str, str]) -> str:
    if not attachment.media_type:
        return words["link"]
    return _fill(
        words["image" if attachment.is_image else "document"],
        type=attachment.media_type,
        width=attachment.width_px,
        height=attachment.height_px,
        bytes=attachment.size_bytes,
    )


def _gist(text: str) -> str:
    """The beginning of a message on one line, with its Markdown made harmless."""
    line = " ".join(text[: 4 * GIST_CHARS_MAX].split())
    if len(line) > GIST_CHARS_MAX:
        line = line[:GIST_CHARS_MAX].rsplit(" ", 1)[0] + "…"
    return _MARKDOWN.sub(r"\\\1", line)
