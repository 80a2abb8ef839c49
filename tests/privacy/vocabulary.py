"""What a line of the manifest could say instead, or besides: the words that a mutant is made of."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.assessment import Level
from bluegpt.privacy.types.clauses import ClauseStatus, Section
from bluegpt.privacy.types.manifest import (
    Basis,
    EndAction,
    Origin,
    RecipientRole,
    TransferBasis,
)
from bluegpt.privacy.types.rights import DocumentPolicy
from bluegpt.privacy.types.staff import Area
from bluegpt.privacy.types.tracers import SameSite, TracerCategory, TracerKind

Path = tuple[str | int, ...]

_ANOTHER = "another"
# Of a line with this key, whichever chapter it is in.
_WORDS: Mapping[str, Iterable[str]] = {
    "areas": Area,
    "basis": (*TransferBasis, "consent"),
    "category": TracerCategory,
    "classes": DataClass,
    "countries": ("BR", "CH", "CN", "FR", "US"),
    "country": ("BR", "DE", "FR", "US", "operator"),
    "data_class": DataClass,
    "hosts": ("another.example",),
    "identity_document": (*DocumentPolicy, "always"),
    "kind": TracerKind,
    "likelihood": Level,
    "origin": Origin,
    "same_site": (*SameSite, "none"),
    "section": (Section.PREAMBLE, Section.CONTACT),
    "severity": Level,
    "status": ClauseStatus,
    "tests": ("tests/privacy/test_gate.py::test_another",),
    "then": EndAction,
    "absent": (_ANOTHER,),
}
# Of a line that names an entry of another chapter.
_ENTRIES: Mapping[str, tuple[str, ...]] = {
    "measures": ("measures",),
    "owner": ("staff",),
    "purpose": ("purposes",),
    "purposes": ("purposes",),
    "recipients": ("recipients",),
    "refusals": ("rights", "refusals"),
    "transfer": ("transfers",),
}
_ROLES: Mapping[str, Iterable[str]] = {
    "purposes": ("controller", "processor", "joint"),
    "recipients": (*RecipientRole, "controller"),
}
# What an entry may say and mostly does not, by chapter.
_OPTIONAL: Mapping[str, Mapping[str, Any]] = {
    "clauses": {"absent": [_ANOTHER], "purposes": ["chat_answer"], "status": "declaration"},
    "legal_watch": {"effective_on": date(2030, 1, 1)},
    "purposes": {"balancing": _ANOTHER, "overriding": _ANOTHER},
    "recipients": {
        "country": "US",
        "dpa_url": "https://another.example",
        "hosts": ["another.example"],
        "keeps_prompts_days": 3650,
        "review_by": date(2030, 1, 1),
        "stated_by_operator": True,
        "trains_on_prompts": True,
        "transfer": "us_standard_clauses",
    },
    "tracers": {"exempt": _ANOTHER, "hosts": ["another.example"]},
    "transfers": {"review_by": date(2030, 1, 1)},
}
_LANGUAGES = {"en", "fr"}


def instead_of(document: Mapping[str, Any], path: Path, value: str) -> Iterator[str]:
    """The other words that could stand at this place."""
    if isinstance(path[-1], int):
        return  # an item of a list is dropped, or another stands beside it
    yield from (str(word) for word in _words(document, path) if word != value)


def beside(document: Mapping[str, Any], path: Path, value: list[str]) -> Iterator[str]:
    """The words that a list could hold besides its own."""
    yield from (str(word) for word in _words(document, path) if word not in value)


def under(
    document: Mapping[str, Any], path: Path, value: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """The keys that a table could have besides its own."""
    if set(value) == _LANGUAGES:
        return
    if path[-1] == "bases":
        for data_class in sorted(set(DataClass) - set(value)):
            for basis in Basis:
                yield str(data_class), str(basis)
        return
    entries = {frozenset(inner): inner for inner in value.values() if _is_entry(inner)}
    if entries:
        for entry in entries.values():  # one of each form
            yield _ANOTHER, entry
        return
    yield _ANOTHER, _ANOTHER
    for key, more in _OPTIONAL.get(str(path[0]), {}).items():
        if key not in value and len(path) > 1:
            yield key, more


def _words(document: Mapping[str, Any], path: Path) -> Iterable[str]:
    key = str(path[-1])
    if len(path) > 1 and path[-2] == "bases":
        return Basis
    if key == "role":
        return _ROLES.get(str(path[0]), ())
    if key == "trigger":
        return sorted({rule["trigger"] for rule in document["retention"].values()})
    if key in _ENTRIES:
        entries: Any = document
        for step in _ENTRIES[key]:
            entries = entries[step]
        return (*entries, _ANOTHER)
    return _WORDS.get(key, ())


def _is_entry(value: Any) -> bool:
    return isinstance(value, Mapping) and not set(value) <= _LANGUAGES
