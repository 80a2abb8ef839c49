"""What protects the data, and what looks at it."""

from dataclasses import dataclass

from bluegpt.privacy.types.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure. `probe` is the dotted place of a function that looks now, or raises."""

    key: str
    name: Text
    what: Text
    probe: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a probe found; `holds` is False when it raised, and `found` then says why."""

    measure: Measure
    holds: bool
    found: str
