"""What tools that know nothing of us read in a file; a test is skipped where they are missing."""

import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest


def exiftool(data: bytes, name: str) -> dict[str, Any]:
    """Every tag by its group and name."""
    tags: dict[str, Any] = _read(data, name, ["exiftool", "-json", "-n", "-G1"])[0]
    return tags


def ffprobe(data: bytes, name: str) -> dict[str, Any]:
    """The streams, each frame of them counted."""
    told = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-count_frames"]
    probed: dict[str, Any] = _read(data, name, told)
    return probed


def _read(data: bytes, name: str, command: list[str]) -> Any:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return json.loads(subprocess.check_output([*command, path]))
