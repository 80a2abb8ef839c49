"""The measures that protect the data, each looked at now."""

from bluegpt.privacy.adapters import proofs
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.measures import Measure, Probed


def probed() -> tuple[Probed, ...]:
    """Every measure with what its probe found, by key. Costs what the probes cost."""
    measures = manifest().measures
    return tuple(_probed(measures[key]) for key in sorted(measures))


def _probed(measure: Measure) -> Probed:
    try:
        probe = proofs.object_at(measure.probe)
        assert callable(probe)
        return Probed(measure=measure, holds=True, found=str(probe()))
    # The border: whatever a probe runs into is what it found.
    except Exception as wrong:  # noqa: BLE001
        return Probed(measure=measure, holds=False, found=str(wrong) or type(wrong).__name__)
