"""Reads the chapter on laws that are watched."""

from collections.abc import Mapping
from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.types.legal_watch import WatchedLaw


def read(chapter: Block) -> Mapping[str, WatchedLaw]:
    """The laws by key."""
    return MappingProxyType({block.key: _law(block) for block in chapter.tables()})


def _law(block: Block) -> WatchedLaw:
    law = WatchedLaw(
        key=block.key,
        law=block.text("law"),
        changes=block.text("changes"),
        effective_on=block.day("effective_on"),
        owner=block.words("owner"),
        review_by=block.day("review_by"),
        source=block.words("source"),
    )
    block.close()
    return law
