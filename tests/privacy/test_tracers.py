"""What a tracer must satisfy before anybody may declare it."""

from typing import Any

import pytest

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.rules import linting, reading
from bluegpt.privacy.rules.documents import merged

AUDIENCE: dict[str, Any] = {
    "kind": "cookie",
    "category": "performance",
    "purpose": "audience",
    "does": "Counts visits",
    "lifetime": "P90D",
    "same_site": "lax",
}
PURPOSE: dict[str, Any] = {
    "name": "Counting visits",
    "why": "To see which pages are read",
    "role": "controller",
    "recipients": [],
    "bases": {"connection": "consent"},
}


def said_of(tracer: dict[str, Any], purpose: dict[str, Any] = PURPOSE) -> list[str]:
    """What reader and linter say against a policy with this tracer."""
    above = {"tracers": {"items": {"audience": tracer}}, "purposes": {"audience": purpose}}
    try:
        policy = reading.read(merged(chapters.packaged(), above))
    except ManifestBroken as broken:
        return list(broken.findings)
    return list(linting.findings(policy))


def test_a_tracer_with_one_purpose_one_category_and_a_bounded_life_may_be_declared() -> None:
    assert said_of(AUDIENCE) == []


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        ({"lifetime": "P14M"}, "longer than 13 months"),
        ({"lifetime": "for ever"}, "is not a duration"),
        ({"category": "curiosity"}, "one of strictly_necessary, performance"),
        ({"category": "strictly_necessary"}, "says in exempt why"),
        ({"kind": "pixel"}, "one of cookie, local_storage"),
        ({"kind": "session_storage"}, "lifetime of P0D"),
        ({"purpose": "fun"}, "'fun' is not described"),
        ({"purpose": "account"}, "a purpose that rests on consent alone"),
        ({"purpose": ["account", "audience"]}, "must be of type str"),
        ({"same_site": "none"}, "read by this site alone"),
    ],
)
def test_a_tracer_that_breaks_a_rule_is_refused_by_name(
    wrong: dict[str, Any], finding: str
) -> None:
    found = said_of(AUDIENCE | wrong)

    assert any(finding in each and "audience" in each for each in found), found


def test_a_tracer_with_two_bases_is_refused() -> None:
    two = PURPOSE | {"bases": {"connection": "consent", "metering": "contract"}}

    assert any("consent alone" in each for each in said_of(AUDIENCE, two))


def test_what_is_exempt_serves_no_purpose_that_asks() -> None:
    exempt = AUDIENCE | {"category": "strictly_necessary", "exempt": "We like it"}

    assert any("(C16)" in each for each in said_of(exempt))
    for category in ("performance", "advertising"):
        found = said_of(exempt | {"category": category, "purpose": "account"})
        assert any("is never exempt" in each for each in found)


def test_the_packaged_policy_has_no_tracer_that_asks() -> None:
    policy = reading.read(chapters.packaged())

    assert {each.category for each in policy.tracers.items.values()} == {
        "strictly_necessary",
        "functionality",
    }
    assert all(each.exempt for each in policy.tracers.items.values())


def test_no_agreement_carries_a_transfer() -> None:
    above = {"transfers": {"us_standard_clauses": {"basis": "consent"}}}

    with pytest.raises(ManifestBroken, match="not a ground for a transfer"):
        reading.read(merged(chapters.packaged(), above))
