"""What the chapter `measures` must satisfy."""

from collections.abc import Iterator

from bluegpt.privacy.rules.lints.clauses import is_evidence
from bluegpt.privacy.types.manifest import Manifest


def findings(policy: Manifest) -> Iterator[str]:
    """Each measure has a probe, and none borrows that of another."""
    probes = [measure.probe for measure in policy.measures.values()]
    for measure in policy.measures.values():
        if measure.probe and not is_evidence(measure.probe):
            yield f"measures.{measure.key}: probe is no function of a module called evidence"
        if probes.count(measure.probe) > 1:
            yield f"measures.{measure.key}: its probe looks at another measure as well"
