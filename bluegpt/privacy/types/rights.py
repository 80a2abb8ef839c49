"""What may be asked, and on which grounds it may be refused: the chapter on rights, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.texts import Text


class Right(StrEnum):
    """What a request is about: the nine rights, and two matters that run on the same clock."""

    ACCESS = "access"
    MODIFICATION = "modification"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    OBJECTION = "objection"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    WITHDRAWAL = "withdrawal"
    DIRECTIVES = "directives"
    COMPLAINT = "complaint"
    HEIRS = "heirs"


# Matters that are no right of the person's own over their data.
BESIDE_THE_NINE = frozenset({Right.COMPLAINT, Right.HEIRS})


class DocumentPolicy(StrEnum):
    """When a copy of an identity document may be asked for. Always is not lawful (C6)."""

    ON_REASONABLE_DOUBT = "on_reasonable_doubt"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightFacts:
    """One right, in words, with its clock and its grounds of refusal."""

    key: Right
    name: Text
    how: Text
    article: str
    term: Duration
    extension: Duration  # the longest that the term may be extended, once
    self_service: bool
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalGround:
    """One coded reason for which a request may be refused, and the law that allows it."""

    code: str
    text: Text
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The chapter: every right, every ground."""

    identity_document: DocumentPolicy
    rights: Mapping[Right, RightFacts]
    refusals: Mapping[str, RefusalGround]
