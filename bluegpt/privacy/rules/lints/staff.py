"""What the chapter `staff` must satisfy."""

from collections.abc import Iterator

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.rules.staffing import SHOWN
from bluegpt.privacy.types.manifest import Manifest
from bluegpt.privacy.types.staff import Area

_LONGEST_DAYS = 365


def findings(policy: Manifest) -> Iterator[str]:
    """A role sees what its pages show and no more, never content, and it ends."""
    for role in policy.staff.values():
        name = f"staff.{role.key}"
        if DataClass.CONTENT in role.classes:
            yield f"{name}: content is seen behind glass only, never by a role (P27)"
        shown = frozenset().union(*(SHOWN[area] for area in role.areas))
        for data_class in sorted(shown - role.classes):
            yield f"{name}: its pages show {data_class}, which it may not see"
        for data_class in sorted(role.classes - shown):
            yield f"{name}: none of its pages shows {data_class}"
        if not 0 < role.longest.days_about <= _LONGEST_DAYS:
            yield f"{name}: longest must be between a day and a year"
        if not role.areas:
            yield f"{name}: it opens nothing"
    for area in Area:
        if not any(area in role.areas for role in policy.staff.values()):
            yield f"staff: no role opens {area}"
