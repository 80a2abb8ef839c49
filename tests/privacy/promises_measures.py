"""Which measures there are and what probes each, written a second time and by hand."""

from collections.abc import Iterator

from bluegpt.privacy.types.manifest import Manifest

PROBES = {
    "backups": "bluegpt.ops.evidence.backups_are_young",
    "books": "bluegpt.credits.queries.evidence.verification",
    "connections": "bluegpt.privacy.queries.evidence.site.connections",
    "encryption": "bluegpt.vault.queries.evidence.keys",
    "glass": "bluegpt.privacy.queries.evidence.matters.accesses",
    "passwords": "bluegpt.accounts.queries.evidence.passwords",
    "root_key": "bluegpt.vault.queries.evidence.root_key_file",
    "second_factor": "bluegpt.privacy.queries.evidence.desk.second_factors",
}


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about measures that this policy does not keep."""
    if {key: measure.probe for key, measure in policy.measures.items()} != PROBES:
        yield "measures"
