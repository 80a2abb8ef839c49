"""What is asked of people when they fill in a form."""

from collections.abc import Mapping
from dataclasses import dataclass

from bluegpt.privacy.types.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedField:
    """One field: whether it must be filled in, and what follows if it is not."""

    name: str
    required: bool
    without: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForm:
    """A form and the purpose that its answers serve. Source: GDPR, Art. 13(2)(e)."""

    key: str
    purpose: str
    fields: Mapping[str, AskedField]
