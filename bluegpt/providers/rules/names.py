"""What a model is called on screen, from the name that its provider expects."""

import re
from collections.abc import Mapping

_DATE = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|\d{4})$")
_LATEST = re.compile(r"-latest$")
_SIZE = re.compile(r"\d+b", re.IGNORECASE)


def display_name(wire_name: str, *, overrides: Mapping[str, str]) -> str:
    """ "gpt-5.4-mini" → "GPT-5.4 mini", "claude-opus-4-7" → "Claude Opus 4.7"."""
    if wire_name in overrides:
        return overrides[wire_name]
    words = _LATEST.sub("", wire_name).split("-")
    if words[0] == "gpt" and len(words) > 1:
        return " ".join((f"GPT-{words[1]}", *map(_openai_word, words[2:])))
    if re.fullmatch(r"o\d", words[0]):
        return " ".join(words)
    is_preview = words[-1] == "preview"
    name = " ".join(map(_word, _joined_numbers(words[:-1] if is_preview else words)))
    name = name.replace("Flash Lite", "Flash-Lite")
    return f"{name} (preview)" if is_preview else name


def alias_of(wire_name: str) -> str:
    """A dated name without its date: "gpt-5.5-2026-04-23" → "gpt-5.5"; others as they are."""
    return _DATE.sub("", wire_name)


def version_of(wire_name: str) -> tuple[int, ...]:
    """The version in a name, for putting the newest first: "claude-opus-4-7" → (4, 7).

    Always two numbers, so that 5 stands below 5.6; zeros when the name has none.
    """
    numbers = [int(number) for number in re.findall(r"(?<!\w)\d{1,2}(?!\w)", wire_name)]
    return (*numbers[:2], 0, 0)[:2]


def _joined_numbers(words: list[str]) -> list[str]:
    """Neighbouring numbers are one version: ["opus", "4", "7"] → ["opus", "4.7"]."""
    joined: list[str] = []
    for word in words:
        if joined and word.isdigit() and joined[-1].replace(".", "").isdigit():
            joined[-1] += f".{word}"
        else:
            joined.append(word)
    return joined


def _openai_word(word: str) -> str:
    """OpenAI writes sizes small and given names large."""
    return word if word in {"mini", "nano", "pro"} else word.capitalize()


def _word(word: str) -> str:
    return word.upper() if _SIZE.fullmatch(word) else word.capitalize()
