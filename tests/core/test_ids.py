"""Identifiers in order of birth."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bluegpt.core import clock
from bluegpt.core.ids import new_id


def test_ids_of_one_process_sort_by_birth() -> None:
    born = [new_id() for _number in range(5_000)]

    assert born == sorted(born)
    assert len(set(born)) == len(born)


def test_an_id_is_a_version_7_of_the_rfc_variant() -> None:
    made = new_id()

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_a_clock_that_is_put_back_does_not_put_ids_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) - timedelta(hours=1))

    assert new_id() > before


def test_threads_never_share_an_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _number: new_id(), range(4_000)))

    assert len(set(made)) == len(made)
