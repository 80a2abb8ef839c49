"""A manifest that cannot be used."""

from collections.abc import Sequence


class ManifestBroken(Exception):
    """The manifest breaks rules; `findings` says which, a sentence each."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__("; ".join(findings))
        self.findings = tuple(findings)
