"""What every test process runs in: loaded as a plugin, before pytest-django reads the settings."""

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

_PROVIDERS = ("OPENAI", "ANTHROPIC", "GEMINI", "MISTRAL", "XAI", "BLUEGPT_COMPATIBLE")

# In memory where there is room for it: every commit of a test waits until it is on the disk.
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4_000_000_000

os.environ["BLUEGPT_ENV"] = "test"

# Nothing of what is imported ever goes; `tests/conftest.py` lets the collector in after that.
gc.disable()

if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
    tempfile.tempdir = str(_MEMORY)

# A folder of its own for each process, so for each xdist worker too; the worker inherits its
# parent's environment, therefore the name is always replaced.
_data_dir = tempfile.mkdtemp(prefix="bluegpt-tests-")
os.environ["BLUEGPT_DATA_DIR"] = _data_dir
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)

# And a temporary folder, so that who looks for what was left there finds nobody else's.
_temp_dir = tempfile.mkdtemp(prefix="bluegpt-temp-")
os.environ["TMPDIR"] = tempfile.tempdir = _temp_dir
atexit.register(shutil.rmtree, _temp_dir, ignore_errors=True)

# A developer's own keys must never be spent by a test.
for _prefix in _PROVIDERS:
    os.environ.pop(f"{_prefix}_API_KEY", None)
    os.environ.pop(f"{_prefix}_BASE_URL", None)
os.environ.pop("GOOGLE_APPLICATION_CREDENTIALS", None)
