"""Reads the chapter on who and what is taken on."""

from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.types.onboarding import Chapter, Onboarding, Question


def read(chapter: Block) -> Onboarding:
    """The checklist and what was checked."""
    checked = chapter.inner("checked")
    onboarding = Onboarding(
        checked_on=checked.day("on"),
        checked=MappingProxyType({each: checked.word_list(each) for each in Chapter}),
        checklist=MappingProxyType(
            {block.key: _question(block) for block in chapter.inner("checklist").tables()}
        ),
    )
    checked.close()
    chapter.close()
    return onboarding


def _question(block: Block) -> Question:
    question = Question(
        key=block.key, of=block.choice("of", Chapter, refusals={}), asks=block.text("asks")
    )
    block.close()
    return question
