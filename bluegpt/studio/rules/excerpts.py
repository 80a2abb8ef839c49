"""Finding words in a text, and showing the place."""

import unicodedata
from dataclasses import dataclass

EXCERPT_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The first match and the text around it, as written."""

    before: str
    match: str
    after: str


class _Folding(dict[int, str]):
    """Folded characters, worked out once each: a table of all that was ever met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFKD", char)[0].lower()
        self[code] = base if len(base) == 1 else char
        return self[code]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Case and accents taken away, one character for one character, so that places still agree."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def excerpt(text: str, *, folded_words: str) -> Excerpt | None:
    """The first place where the words stand together, None when they do not.

    `folded_words` has been through `folded`; composed and decomposed accents compare alike
    once the text is in NFC.
    """
    composed = unicodedata.normalize("NFC", text)
    start = folded(composed).find(folded_words)
    if start < 0:
        return None
    end = start + len(folded_words)
    before = composed[max(0, start - EXCERPT_CHARS) : start]
    after = composed[end : end + EXCERPT_CHARS]
    return Excerpt(
        before=("…" if start > EXCERPT_CHARS else "") + before,
        match=composed[start:end],
        after=after + ("…" if end + EXCERPT_CHARS < len(composed) else ""),
    )
