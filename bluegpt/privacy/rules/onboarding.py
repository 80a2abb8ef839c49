"""Which entries of the manifest are new to it. Pure decisions."""

from collections.abc import Iterator, Mapping
from typing import Any

from bluegpt.privacy.rules.documents import canonical_json, digest
from bluegpt.privacy.types.onboarding import Chapter, Newcomer

APPROVALS = 2
# What is agreed to. A review that was put off, or other words for people, is no newcomer.
_MATERIAL = {
    Chapter.RECIPIENTS: (
        *("company", "country", "dpa_url", "hosts", "keeps_prompts_days"),
        *("role", "trains_on_prompts", "transfer"),
    ),
    Chapter.PURPOSES: ("bases", "recipients", "role"),
}

Document = Mapping[str, Any]


def newcomers(packaged: Document, merged: Document) -> Iterator[Newcomer]:
    """The entries that the packaged policy did not have, did not check, or has otherwise."""
    checked = packaged["onboarding"]["checked"]
    for chapter in Chapter:
        for key, entry in merged[chapter].items():
            facts = _facts(chapter, entry)
            known = packaged[chapter].get(key, {})
            if key not in checked[chapter] or facts != _facts(chapter, known):
                yield Newcomer(
                    chapter=chapter,
                    key=key,
                    facts={name: _said(value) for name, value in facts.items()},
                    facts_sha256=digest(facts),
                )


def _facts(chapter: Chapter, entry: Document) -> dict[str, Any]:
    return {name: entry[name] for name in _MATERIAL[chapter] if name in entry}


def _said(value: Any) -> str:
    return value if isinstance(value, str) else canonical_json(value).decode()
