"""A data folder that has been served once, with its tables, its catalogue and its static files.

It is made once in a test process, since that takes seconds, and copied.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import warm

_LAST_LINE = "Ctrl+C"
_ELSEWHERE = ("BLUEGPT_DATABASE_URL", "BLUEGPT_VAULT_DATABASE_URL", "BLUEGPT_VALKEY_URL")


def furnish(data_dir: Path) -> Path:
    """Make this folder if it is not there, and put into it all that a first start makes."""
    return Path(shutil.copytree(_served(), data_dir, dirs_exist_ok=True))


@functools.cache
def _served() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="furnished-")) / "data"
    demo = {"BLUEGPT_ENV": "demo", "BLUEGPT_FIND_LOCAL_MODELS": "no"}
    here = {name: text for name, text in os.environ.items() if name not in _ELSEWHERE}
    command = [sys.executable, "-m", "bluegpt.ops.cli", "serve", "--port", "0", "--data"]
    with warm.start(
        [*command, str(folder)], env=here | demo, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        started = any(line.startswith(_LAST_LINE) for line in process.stdout)
        process.terminate()
    assert started
    assert process.returncode == 0
    return folder
