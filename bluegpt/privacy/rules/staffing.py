"""Which areas of the staff pages a role opens, and what each of them shows."""

from collections.abc import Iterable, Mapping

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.staff import Area, StaffRole

# The classes of personal data that the pages of an area show. Content is behind glass: the area
# of accesses shows who asked and why, and content only while an access is open.
SHOWN: Mapping[Area, frozenset[DataClass]] = {
    Area.ACCESSES: frozenset({DataClass.IDENTITY, DataClass.DISCLOSURE}),
    Area.AUTHORITIES: frozenset({DataClass.IDENTITY, DataClass.DISCLOSURE}),
    Area.DEATHS: frozenset({DataClass.IDENTITY}),
    Area.BREACHES: frozenset({DataClass.IDENTITY, DataClass.DISCLOSURE}),
    Area.CONSENTS: frozenset({DataClass.IDENTITY, DataClass.CONSENT}),
    Area.GRANTS: frozenset({DataClass.IDENTITY, DataClass.SECURITY}),
    Area.HOLDS: frozenset({DataClass.IDENTITY, DataClass.DISCLOSURE}),
    Area.LOG: frozenset({DataClass.SECURITY}),
    Area.ONBOARDING: frozenset({DataClass.IDENTITY}),
    Area.REGISTERS: frozenset(),
    Area.REQUESTS: frozenset(
        {DataClass.IDENTITY, DataClass.IDENTITY_DOCUMENT, DataClass.REQUEST, DataClass.DISCLOSURE}
    ),
    Area.SUCCESSIONS: frozenset({DataClass.IDENTITY}),
}


def areas_of(roles: Iterable[StaffRole]) -> frozenset[Area]:
    """Everything that these roles open together."""
    return frozenset(area for role in roles for area in role.areas)
