"""The chapter `staff`: roles, what they open and what they may see."""

from collections.abc import Mapping
from types import MappingProxyType

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.staff import Area, StaffRole


def read(chapter: Block) -> Mapping[str, StaffRole]:
    """The roles by key."""
    return MappingProxyType({block.key: _role(block) for block in chapter.tables()})


def _role(block: Block) -> StaffRole:
    role = StaffRole(
        key=block.key,
        name=block.text("name"),
        areas=block.members("areas", Area),
        classes=block.members("classes", DataClass),
        longest=block.made("longest", duration, Duration()),
    )
    block.close()
    return role
