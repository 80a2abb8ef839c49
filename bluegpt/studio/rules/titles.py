"""Titles made here from the first message: no call, no cost, nothing disclosed."""

import re

TITLE_CHARS_MAX = 60
_MARKUP = re.compile(r"[#>*_`~\[\]|]+|^\s*[-+]\s+", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s")


def title_from(text: str) -> str:
    """The first sentence of a message, without markup, at most TITLE_CHARS_MAX characters.

    Empty when the message has no words; the door then shows its own placeholder.
    """
    plain = " ".join(_MARKUP.sub(" ", text[:2_000]).split())
    sentence = _SENTENCE_END.split(plain, maxsplit=1)[0].rstrip(".。 ")
    if len(sentence) <= TITLE_CHARS_MAX:
        return sentence
    cut = sentence[:TITLE_CHARS_MAX]
    whole_words, space, _rest = cut.rpartition(" ")
    # A language without spaces, or one long word: cut where the room ends.
    return f"{whole_words if space and len(whole_words) > TITLE_CHARS_MAX // 2 else cut}…"
