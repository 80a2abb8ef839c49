"""Server-sent events, however their bytes arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.providers.adapters.sse import ServerEvent, SseReader
from bluegpt.providers.errors import MalformedReply


def events(*chunks: bytes) -> list[tuple[str, bytes]]:
    reader = SseReader()
    read = [event for chunk in chunks for event in reader.feed(chunk)]
    return [*read, *reader.flush()]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_end_in_three_ways(end: bytes) -> None:
    stream = end.join([b"event: greeting", b"data: hello", b"", b"data: again", b"", b""])

    assert events(stream) == [("greeting", b"hello"), ("", b"again")]


def test_several_data_lines_are_one_event() -> None:
    assert events(b"data: one\ndata:\ndata:  two\n\n") == [("", b"one\n\n two")]


def test_comments_unknown_fields_and_a_bom_are_passed_over() -> None:
    stream = b"\xef\xbb\xbf: welcome\nid: 7\nretry: 10\ndata: hello\nnonsense\n\n: ping\n\n"

    assert events(stream) == [("", b"hello")]


def test_a_name_without_data_is_no_event() -> None:
    assert events(b"event: ping\n\ndata: x\n\n") == [("", b"x")]


def test_an_unfinished_event_is_given_at_the_end() -> None:
    assert events(b"data: a\n\ndata: b") == [("", b"a"), ("", b"b")]


def test_a_character_split_between_reads_is_whole_again() -> None:
    whole = "data: tour 🗼\n\n".encode()

    assert events(*(whole[i : i + 1] for i in range(len(whole)))) == [("", "tour 🗼".encode())]


def test_a_crlf_split_between_reads_is_one_line_end() -> None:
    assert events(b"data: a\r", b"\ndata: b\r", b"\n", b"\r", b"\n") == [("", b"a\nb")]


@pytest.mark.parametrize(
    "chunks",
    [[b"data: " + b"x" * 2_000], [b"x" * 300] * 5, [b"data: xxxxxxxxxxxxxxxxxxx\n"] * 80],
    ids=["one line", "a line in pieces", "many lines"],
)
def test_an_event_beyond_its_bound_is_malformed(chunks: list[bytes]) -> None:
    reader = SseReader(event_bytes_max=1_000)

    with pytest.raises(MalformedReply):
        for chunk in chunks:
            list(reader.feed(chunk))


def test_many_small_events_are_within_the_bound() -> None:
    reader = SseReader(event_bytes_max=100)

    read = [event for _ in range(500) for event in reader.feed(b"data: small\n\n")]

    assert read == [ServerEvent("", b"small")] * 500


def test_many_small_events_in_one_read_are_within_the_bound() -> None:
    reader = SseReader(event_bytes_max=100)

    assert len(list(reader.feed(b"data: small\n\n" * 500))) == 500


_LINES = st.lists(
    st.sampled_from(
        [b"data: a", b"data: \xc3\xa9", b"data", b"event: e", b": c", b"", b"", b"id: 1"]
    )
)


@given(lines=_LINES, end=st.sampled_from([b"\n", b"\r\n", b"\r"]), data=st.data())
def test_any_split_gives_the_same_events(
    lines: list[bytes], end: bytes, data: st.DataObject
) -> None:
    whole = b"".join(line + end for line in lines)
    places = sorted(data.draw(st.sets(st.integers(0, len(whole)))))
    bounds = [0, *places, len(whole)]
    chunks = [whole[bounds[i] : bounds[i + 1]] for i in range(len(bounds) - 1)]

    assert events(*chunks) == events(b"".join(line + b"\n" for line in lines))
