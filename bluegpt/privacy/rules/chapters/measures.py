"""Reads the chapter on measures."""

from collections.abc import Mapping
from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.types.measures import Measure


def read(chapter: Block) -> Mapping[str, Measure]:
    """The measures by key."""
    return MappingProxyType({block.key: _measure(block) for block in chapter.tables()})


def _measure(block: Block) -> Measure:
    measure = Measure(
        key=block.key,
        name=block.text("name"),
        what=block.text("what"),
        probe=block.words("probe"),
    )
    block.close()
    return measure
