"""What the vault tells of itself."""

from dataclasses import dataclass

FILE = "vault.file"  # of the journal of erasures; the subject is the file's key


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Erasures that one database has been through and the other has not."""

    data_lacks: int
    vault_lacks: int

    @property
    def is_whole(self) -> bool:
        """Nothing that was erased can have come back."""
        return self.data_lacks == self.vault_lacks == 0
