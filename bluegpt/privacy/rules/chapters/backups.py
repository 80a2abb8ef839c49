"""Reads the chapter on backups."""

from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.backups import BackupKind, Backups, Window
from bluegpt.privacy.types.durations import Duration


def read(chapter: Block) -> Backups:
    """The life of each kind of backup."""
    pruned_every = chapter.made("pruned_every", duration, Duration())
    found = (_window(block) for block in chapter.tables(tuple(BackupKind)))
    windows = {window.kind: window for window in found}
    for missing in sorted(set(BackupKind) - set(windows)):
        chapter.finding(f"{missing} is missing")
    return Backups(pruned_every=pruned_every, windows=MappingProxyType(windows))


def _window(block: Block) -> Window:
    window = Window(
        kind=BackupKind(block.key),
        kept=block.made("kept", duration, Duration()),
        holds=block.text("holds"),
        why=block.text("why"),
    )
    block.close()
    return window
