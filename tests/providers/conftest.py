"""What tests of the providers share: nothing found or remembered outlives a test."""

from collections.abc import Iterator

import pytest

from bluegpt.providers.adapters import found
from bluegpt.providers.queries import catalogue


@pytest.fixture(autouse=True)
def clean_memory() -> Iterator[None]:
    """The catalogue's memory is the process's, a test's database is not."""
    catalogue.forget()
    yield
    catalogue.forget()
    found.remember(())
