"""Reads the chapter on backups."""

from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.backups import BackupKind, Backups, Window
from bluegpt.privacy.types.durations import Duration


def read(chapter: Block) -> Backups:
    """The life of each kind of backup."""
    pruned_every = chapter.made("pruned_every", duration, Duration())
    windows = {}
    for block in chapter.tables():
        kept = block.made("kept", duration, Duration())
        holds, why = block.text("holds"), block.text("why")
        block.close()
        if block.key in list(BackupKind):
            kind = BackupKind(block.key)
            windows[kind] = Window(kind=kind, kept=kept, holds=holds, why=why)
        else:
            block.finding("no such kind of backup exists")
    for missing in sorted(set(BackupKind) - set(windows)):
        chapter.finding(f"{missing} is missing")
    return Backups(pruned_every=pruned_every, windows=MappingProxyType(windows))
