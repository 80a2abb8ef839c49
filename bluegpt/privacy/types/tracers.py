"""What the product keeps in a browser, item by item."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.texts import Text


class TracerKind(StrEnum):
    """Where the browser keeps it."""

    COOKIE = "cookie"
    LOCAL_STORAGE = "local_storage"
    SESSION_STORAGE = "session_storage"


class TracerCategory(StrEnum):
    """The four kinds of tracers. Source: ICC UK Cookie guide."""

    STRICTLY_NECESSARY = "strictly_necessary"
    PERFORMANCE = "performance"
    FUNCTIONALITY = "functionality"
    ADVERTISING = "advertising"


class SameSite(StrEnum):
    """Whether a cookie goes along when another site leads here."""

    LAX = "lax"
    STRICT = "strict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracer:
    """One item. `exempt` says why it needs no agreement; without it, it needs one.

    A `lifetime` of no days ends with the browser's session. `hosts` are the sites whose scripts
    set it, which only an agreement opens.
    """

    name: str
    kind: TracerKind
    category: TracerCategory
    purpose: str
    does: Text
    lifetime: Duration
    same_site: SameSite
    exempt: Text | None
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserHelp:
    """Where a browser's maker explains how to refuse and delete tracers."""

    key: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracers:
    """The chapter."""

    items: Mapping[str, Tracer]
    browsers: Mapping[str, BrowserHelp]
