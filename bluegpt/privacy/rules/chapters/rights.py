"""The chapter on rights, read."""

from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.rights import (
    DocumentPolicy,
    RefusalGround,
    Right,
    RightFacts,
    Rights,
)

_DOCUMENT_REFUSALS = {
    "always": "a copy of an identity document may be asked for on a documented doubt only"
    " (GDPR, Art. 12(6); C6)"
}


def read(block: Block) -> Rights:
    """Understand the chapter; what is wrong becomes a finding."""
    identity_document = block.choice(
        "identity_document", DocumentPolicy, refusals=_DOCUMENT_REFUSALS
    )
    found = (_right(right) for right in block.inner("rights").tables(tuple(Right)))
    rights = {facts.key: facts for facts in found}
    refusals = {ground.key: _ground(ground) for ground in block.inner("refusals").tables()}
    block.close()
    return Rights(
        identity_document=identity_document,
        rights=MappingProxyType(rights),
        refusals=MappingProxyType(refusals),
    )


def _right(block: Block) -> RightFacts:
    is_self_service = block.flag("self_service")
    if is_self_service is None:
        block.finding("self_service is missing")
    facts = RightFacts(
        key=Right(block.key),
        name=block.text("name"),
        how=block.text("how"),
        article=block.words("article"),
        term=block.made("term", duration, Duration()),
        extension=block.made("extension", duration, Duration()),
        self_service=bool(is_self_service),
        refusals=block.word_list("refusals"),
    )
    block.close()
    return facts


def _ground(block: Block) -> RefusalGround:
    ground = RefusalGround(code=block.key, text=block.text("text"), source=block.words("source"))
    block.close()
    return ground
