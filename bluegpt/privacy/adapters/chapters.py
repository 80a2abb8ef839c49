"""The manifest's files: the packaged chapters, and what the operator lays over them."""

import tomllib
from pathlib import Path
from typing import Any

from bluegpt.privacy.errors.manifest import ManifestBroken

PACKAGED = Path(__file__).resolve().parent.parent / "manifest"
OVERLAY = "privacy.toml"


def packaged(folder: Path = PACKAGED) -> dict[str, Any]:
    """Each chapter under its file's name."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}


def overlay(data_dir: Path) -> dict[str, Any]:
    """The operator's own facts, chapter by chapter; nothing when there is no such file."""
    path = data_dir / OVERLAY
    return _read(path) if path.exists() else {}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ManifestBroken([f"{path.name}: {wrong}"]) from wrong
