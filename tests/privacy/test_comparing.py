"""A change of the policy asks for no more and no less than it should."""

import json
from typing import Any

import pytest

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.rules import comparing, documents
from bluegpt.privacy.types.versions import Change, Effect, Kind

PUBLISHED: dict[str, Any] = json.loads(
    documents.canonical_json(documents.promised(chapters.packaged()))
)

NEW_PURPOSE = {
    "name": {"en": "Dreams", "fr": "Rêves"},
    "why": {"en": "x", "fr": "x"},
    "role": "controller",
    "recipients": [],
    "bases": {"content": "consent"},
}
NEW_COMPANY = {"company": "Somebody", "country": "FR", "role": "processor"}
NEW_CLASS = {"name": "Dreams", "covers": "What you dream.", "origin": "given"}
CONSENTED = {"purposes": {"chat_answer": {"bases": {"content": "consent"}}}}


def changed(overlay: dict[str, Any], below: dict[str, Any] = PUBLISHED) -> tuple[Change, ...]:
    return comparing.changes(below, documents.merged(below, overlay))


def without(*path: str) -> tuple[Change, ...]:
    after: dict[str, Any] = json.loads(json.dumps(PUBLISHED))
    inner = after
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return comparing.changes(PUBLISHED, after)


@pytest.mark.parametrize(
    ("overlay", "effect"),
    [
        ({"purposes": {"dreams": NEW_PURPOSE}}, Effect.ASK_AGAIN),
        ({"purposes": {"account": {"bases": {"content": "contract"}}}}, Effect.ASK_AGAIN),
        ({"purposes": {"account": {"bases": {"identity": "consent"}}}}, Effect.ASK_AGAIN),
        ({"purposes": {"account": {"recipients": ["openai"]}}}, Effect.NOTIFY),
        ({"purposes": {"chat_answer": {"recipients": ["local"]}}}, Effect.EDITORIAL),
        ({"purposes": {"account": {"why": {"en": "Other words."}}}}, Effect.EDITORIAL),
        ({"data_classes": {"dreams": NEW_CLASS}}, Effect.ASK_AGAIN),
        ({"data_classes": {"content": {"covers": {"en": "More."}}}}, Effect.NOTIFY),
        ({"data_classes": {"content": {"name": {"en": "Texts"}}}}, Effect.EDITORIAL),
        ({"recipients": {"new": NEW_COMPANY}}, Effect.NOTIFY),
        ({"recipients": {"openai": {"country": "JP"}}}, Effect.NOTIFY),
        ({"recipients": {"openai": {"retention": {"en": "Kept."}}}}, Effect.NOTIFY),
        ({"recipients": {"openai": {"review_by": "2028-01-01"}}}, Effect.EDITORIAL),
        ({"recipients": {"openai": {"source": "elsewhere"}}}, Effect.EDITORIAL),
        ({"transfers": {"us_standard_clauses": {"countries": ["US", "JP"]}}}, Effect.NOTIFY),
        ({"retention": {"sessions": {"duration": "P7M"}}}, Effect.ASK_AGAIN),
        ({"retention": {"sessions": {"duration": "P5M"}}}, Effect.EDITORIAL),
        ({"retention": {"conversations": {"ceiling": "P4Y"}}}, Effect.ASK_AGAIN),
        ({"retention": {"sessions": {"trigger": "account_closed"}}}, Effect.ASK_AGAIN),
        ({"retention": {"sessions": {"why": {"en": "Because."}}}}, Effect.EDITORIAL),
        ({"operator": {"company": "Somebody else"}}, Effect.NOTIFY),
        ({"clauses": {"P1": {"text": {"en": "Other words."}}}}, Effect.EDITORIAL),
        ({"measures": {"walls": {"name": "Walls", "what": "Thick ones."}}}, Effect.NOTIFY),
        ({"tracers": {"ad": {"category": "advertising"}}}, Effect.ASK_AGAIN),
        ({"tracers": {"session": {"category": "strictly_necessary"}}}, Effect.NOTIFY),
    ],
    ids=str,
)
def test_a_change_has_its_effect(overlay: dict[str, Any], effect: Effect) -> None:
    assert comparing.effect_of(changed(overlay)) is effect


def test_a_new_country_under_consent_asks_again() -> None:
    consented = documents.merged(PUBLISHED, CONSENTED)

    found = changed({"recipients": {"openai": {"country": "JP"}}}, consented)

    assert comparing.effect_of(found) is Effect.ASK_AGAIN


@pytest.mark.parametrize(
    ("path", "effect"),
    [
        (("purposes", "security"), Effect.EDITORIAL),
        (("purposes", "account", "bases", "disclosure"), Effect.EDITORIAL),
        (("recipients", "openai"), Effect.EDITORIAL),
        (("retention", "sessions"), Effect.NOTIFY),
        (("retention", "conversations", "ceiling"), Effect.EDITORIAL),
    ],
)
def test_what_is_taken_away_asks_again_for_nothing(path: tuple[str, ...], effect: Effect) -> None:
    found = without(*path)

    assert comparing.effect_of(found) is effect
    assert {change.kind for change in found} == {Kind.REMOVED}


def test_no_change_has_no_effect() -> None:
    assert comparing.changes(PUBLISHED, PUBLISHED) == ()
    assert comparing.effect_of(()) is Effect.EDITORIAL


def test_a_change_says_what_was_and_what_is() -> None:
    (change,) = changed({"retention": {"sessions": {"duration": "P7M"}}})

    assert (change.path, change.before, change.after) == (
        "retention.sessions.duration",
        "P6M",
        "P7M",
    )
