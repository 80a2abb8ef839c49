"""Durations and addresses, read strictly."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.privacy.rules.addresses import host_of, is_loopback
from bluegpt.privacy.rules.documents import merged
from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.durations import Duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P30D", Duration(days=30)),
        ("P6M", Duration(months=6)),
        ("P3Y", Duration(years=3)),
        ("P1Y6M", Duration(years=1, months=6)),
        ("P2W", Duration(days=14)),
        ("P0D", Duration()),
    ],
)
def test_a_duration_is_read_as_calendar_spans(text: str, expected: Duration) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "P", "30D", "P30", "PT5M", "P-1D", "P1.5Y", "p30d", "P1D1Y"])
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        duration(text)


@pytest.mark.parametrize(
    "url",
    ["http://localhost:11434", "http://127.0.0.1/v1", "http://127.9.9.9", "http://[::1]:8080"],
)
def test_loopback_is_recognised(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://user@models.example/?127.0.0.1",
        "http://0.0.0.0",
        "http://[::1",
    ],
)
def test_what_may_lead_elsewhere_is_not_loopback(url: str) -> None:
    assert not is_loopback(url)


def test_the_host_is_compared_without_case_port_or_name() -> None:
    assert host_of("https://someone@API.OpenAI.com:443/v1") == "api.openai.com"


_tables = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(_tables, _tables)
def test_an_overlay_always_has_the_last_word(below: dict[str, Any], above: dict[str, Any]) -> None:
    result = merged(below, above)

    assert merged(result, above) == result
    assert set(result) == set(below) | set(above)
