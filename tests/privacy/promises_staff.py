"""Which role opens what, written a second time and by hand."""

from collections.abc import Iterator

from bluegpt.privacy.types.manifest import Manifest

# Role: what it opens, which classes it may see, and the longest it is given for.
ROLES = {
    "protection": (
        {
            "accesses",
            "authorities",
            "breaches",
            "consents",
            "deaths",
            "grants",
            "holds",
            "log",
            "onboarding",
            "registers",
            "requests",
            "successions",
        },
        {"consent", "disclosure", "identity", "identity_document", "request", "security"},
        (1, 0, 0),
    ),
    "security": (
        {"accesses", "breaches", "log", "onboarding", "registers"},
        {"disclosure", "identity", "security"},
        (0, 6, 0),
    ),
    "audit": (
        {"consents", "log", "registers"},
        {"consent", "identity", "security"},
        (0, 3, 0),
    ),
}


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about staff that this policy does not keep."""
    roles = {
        key: (
            set(role.areas),
            set(role.classes),
            (role.longest.years, role.longest.months, role.longest.days),
        )
        for key, role in policy.staff.items()
    }
    if roles != ROLES:
        yield "staff"
