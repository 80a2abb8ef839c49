"""Reads the chapter on accounts that nobody uses any more."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.inactivity import Exemption, Inactivity, Use
from bluegpt.privacy.types.texts import Text

E = TypeVar("E", bound=StrEnum)


def read(chapter: Block) -> Inactivity:
    """The term, its notices, and what each word of the code is called."""
    read = Inactivity(
        after=chapter.made("after", duration, Duration()),
        first_notice=chapter.made("first_notice", duration, Duration()),
        second_notice=chapter.made("second_notice", duration, Duration()),
        why=chapter.text("why"),
        source=chapter.words("source"),
        uses=_words(chapter.inner("uses"), Use),
        exemptions=_words(chapter.inner("exemptions"), Exemption),
    )
    chapter.close()
    return read


def _words(block: Block, vocabulary: type[E]) -> Mapping[E, Text]:
    """A sentence for every word of the code, and for no other."""
    found = {word: block.text(word.value) for word in vocabulary}
    block.close()
    return MappingProxyType(found)
