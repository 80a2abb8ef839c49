"""What the right to take data elsewhere covers. Source: GDPR, Art. 20(1)."""

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.manifest import Basis, Manifest, Origin

_BASES = {Basis.CONTRACT, Basis.CONSENT}
_ORIGINS = {Origin.GIVEN, Origin.OBSERVED}


def portable_classes(policy: Manifest) -> frozenset[DataClass]:
    """The classes that were given or observed, and are used under a contract or a consent."""
    bases = {
        data_class
        for purpose in policy.purposes.values()
        for data_class, basis in purpose.bases.items()
        if basis in _BASES
    }
    return frozenset(key for key in bases if policy.classes[key].origin in _ORIGINS)
