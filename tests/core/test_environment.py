"""A test process keeps to itself."""

import os
from pathlib import Path

from django.conf import settings


def test_a_test_process_writes_to_a_folder_of_its_own() -> None:
    data_dir = Path(os.environ["BLUEGPT_DATA_DIR"])

    assert settings.BLUEGPT.site.data_dir == data_dir.resolve()
    assert data_dir.name.startswith("bluegpt-tests-")
    assert settings.BLUEGPT.site.environment == "test"
