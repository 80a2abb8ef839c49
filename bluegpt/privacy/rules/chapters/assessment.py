"""Reads the chapter on the impact assessment."""

from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.types.assessment import Action, Assessment, Level, Risk


def read(chapter: Block) -> Assessment:
    """The assessment."""
    review = chapter.inner("review")
    assessment = Assessment(
        assessed_on=review.day("assessed_on"),
        review_by=review.day("review_by"),
        owner=review.words("owner"),
        method=review.words("method"),
        consulted_on=review.day("consulted_on"),
        risks=MappingProxyType(
            {block.key: _risk(block) for block in chapter.inner("events").tables()}
        ),
        plan=MappingProxyType(
            {block.key: _action(block) for block in chapter.inner("plan").tables()}
        ),
    )
    review.close()
    chapter.close()
    return assessment


def _risk(block: Block) -> Risk:
    risk = Risk(
        key=block.key,
        name=block.text("name"),
        sources=block.text("sources"),
        impacts=block.text("impacts"),
        severity=block.choice("severity", Level, refusals={}),
        likelihood=block.choice("likelihood", Level, refusals={}),
        measures=block.word_list("measures"),
    )
    block.close()
    return risk


def _action(block: Block) -> Action:
    action = Action(
        key=block.key, what=block.text("what"), owner=block.words("owner"), by=block.day("by")
    )
    block.close()
    return action
