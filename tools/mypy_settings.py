"""The project's settings for mypy's Django plugin, which boots them: in a folder that goes away."""

import atexit
import os
import shutil
import tempfile

_data_dir = tempfile.mkdtemp(prefix="bluegpt-mypy-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ |= {"BLUEGPT_ENV": "test", "BLUEGPT_DATA_DIR": _data_dir}

from bluegpt.config.settings import *  # noqa: E402, F403 - they are read when they are imported
