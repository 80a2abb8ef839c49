"""Reads the chapter on the service changing hands."""

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.successions import SuccessionRule


def read(chapter: Block) -> SuccessionRule:
    """The rule."""
    words = chapter.word_list("classes")
    for word in words:
        if word not in list(DataClass):
            chapter.finding(f"classes names {word!r}, which does not exist")
    rule = SuccessionRule(
        notice=chapter.made("notice", duration, Duration()),
        objection=chapter.made("objection", duration, Duration()),
        classes=tuple(DataClass(word) for word in words if word in list(DataClass)),
        what=chapter.text("what"),
        freeze=chapter.text("freeze"),
        source=chapter.words("source"),
    )
    chapter.close()
    return rule
