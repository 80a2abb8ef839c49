"""What every test process runs in: loaded as a plugin, before pytest-django reads the settings."""

import atexit
import os
import shutil
import tempfile

_PROVIDERS = ("OPENAI", "ANTHROPIC", "GEMINI", "MISTRAL", "BLUEGPT_COMPATIBLE")

os.environ["BLUEGPT_ENV"] = "test"

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
