"""What the chapter on rights promises, written a second time and by hand."""

from collections.abc import Iterator

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.manifest import Manifest

_COMMON = {"excessive", "identity_not_shown", "manifestly_unfounded"}
# Whether the person does it alone, and on which grounds we may say no.
RIGHTS = {
    "access": (True, _COMMON | {"rights_of_others"}),
    "modification": (True, _COMMON | {"already_right"}),
    "rectification": (False, _COMMON | {"already_right"}),
    "erasure": (True, _COMMON | {"legal_claims", "legal_duty", "no_ground_to_erase"}),
    "objection": (True, _COMMON | {"compelling_grounds", "legal_claims"}),
    "restriction": (True, _COMMON | {"no_ground_to_restrict"}),
    "portability": (True, _COMMON | {"not_portable", "rights_of_others"}),
    "withdrawal": (True, {"identity_not_shown"}),
    "directives": (True, _COMMON),
    "complaint": (False, {"manifestly_unfounded"}),
    "heirs": (False, _COMMON | {"not_for_the_estate", "other_directives"}),
}
GROUNDS = {
    "already_right",
    "compelling_grounds",
    "excessive",
    "identity_not_shown",
    "legal_claims",
    "legal_duty",
    "manifestly_unfounded",
    "no_ground_to_erase",
    "no_ground_to_restrict",
    "not_for_the_estate",
    "not_portable",
    "other_directives",
    "rights_of_others",
}


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about rights that this policy does not keep."""
    chapter = policy.rights
    if chapter.identity_document != "on_reasonable_doubt":
        yield "identity document"
    rights = {
        key: (facts.self_service, set(facts.refusals)) for key, facts in chapter.rights.items()
    }
    if rights != RIGHTS:
        yield "rights"
    if set(chapter.refusals) != GROUNDS:
        yield "grounds"
    for facts in chapter.rights.values():
        if (facts.term, facts.extension) != (Duration(months=1), Duration(months=2)):
            yield f"clock of {facts.key}"
