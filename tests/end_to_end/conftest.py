"""A real server, people, and Chromium where it is installed."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.end_to_end import people
from tests.end_to_end.browsing import Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import Member
from tests.furnished import furnish

PEOPLE = 32


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One server for all tests of a process that leave it running."""
    folder = tmp_path_factory.mktemp("site")
    site = Installation(furnish(folder / "data"), folder / "server.log")
    site.start()
    yield site
    site.stop()
    assert "Traceback" not in site.log()


@pytest.fixture(scope="session")
def _members(site: Installation) -> Iterator[Member]:
    """People made in batches, handed out once each."""

    def made() -> Iterator[Member]:
        while True:
            yield from people.read(site.run("tests.end_to_end.people", str(PEOPLE)))

    return made()


@pytest.fixture
def new_member(_members: Iterator[Member]) -> Callable[[], Member]:
    """Somebody whom no other test knows."""
    return lambda: next(_members)


@pytest.fixture
def member(new_member: Callable[[], Member]) -> Member:
    return new_member()


@pytest.fixture
def window(chromium: Browser, site: Installation) -> Iterator[Window]:
    """Opens browser profiles; fails the test when a console has an error."""
    window = Window(chromium, site)
    yield window
    wrong = window.close()
    assert not wrong, "\n".join(wrong)
