"""Each test starts without a key in memory."""

from collections.abc import Iterator

import pytest

from bluegpt.vault.services import keys


@pytest.fixture(autouse=True)
def no_cached_keys() -> Iterator[None]:
    keys.forget_cached()
    yield
    keys.forget_cached()
