"""Reads the chapter on forms."""

from collections.abc import Mapping
from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.types.forms import AskedField, AskedForm


def read(chapter: Block) -> Mapping[str, AskedForm]:
    """The forms by key."""
    return MappingProxyType({block.key: _form(block) for block in chapter.tables()})


def _form(block: Block) -> AskedForm:
    form = AskedForm(
        key=block.key,
        purpose=block.words("purpose"),
        fields=MappingProxyType(
            {field.key: _field(field) for field in block.inner("fields").tables()}
        ),
    )
    block.close()
    return form


def _field(block: Block) -> AskedField:
    required = block.flag("required")
    if required is None:
        block.finding("required is missing")
    field = AskedField(name=block.key, required=bool(required), without=block.text("without"))
    block.close()
    return field
