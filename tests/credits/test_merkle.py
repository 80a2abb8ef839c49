"""The trees are RFC 6962's; a path proves its own leaf and no other."""

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.credits.rules import merkle
from bluegpt.credits.rules.merkle import FIELDS, RUN_LEAVES, Header

# The inputs and roots by which implementations of Certificate Transparency test themselves.
_INPUTS = (
    *("", "00", "10", "2021", "3031", "40414243"),
    *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
)
_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def _leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def _root_as_defined(hashes: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word by word: split at the largest power of two below the length."""
    if not hashes:
        return sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    left, right = _root_as_defined(hashes[:split]), _root_as_defined(hashes[split:])
    return sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("count", _ROOTS)
def test_roots_are_the_published_ones(count: int) -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in _INPUTS[:count]]

    assert merkle.root_of(leaves).hex() == _ROOTS[count]


@given(count=st.integers(0, 300))
def test_roots_are_as_the_standard_defines_them(count: int) -> None:
    leaves = _leaves(count)

    assert merkle.root_of(leaves) == _root_as_defined(leaves)


@given(count=st.integers(1, 300), data=st.data())
def test_a_path_leads_from_each_leaf_to_the_root(count: int, data: st.DataObject) -> None:
    leaves = _leaves(count)
    index = data.draw(st.integers(0, count - 1))

    path = merkle.path_of(leaves, index)

    root = merkle.root_from_path(leaves[index], index=index, count=count, path=path)
    assert root == merkle.root_of(leaves)


@given(count=st.integers(2, 200), data=st.data())
def test_no_other_leaf_place_count_or_path_leads_there(count: int, data: st.DataObject) -> None:
    leaves = _leaves(count)
    index = data.draw(st.integers(0, count - 1))
    other = data.draw(st.integers(0, count - 1).filter(lambda place: place != index))
    path = merkle.path_of(leaves, index)
    root = merkle.root_of(leaves)
    flipped = (bytes([path[0][0] ^ 1]) + path[0][1:], *path[1:])

    def led_to(leaf: bytes, index: int, path: tuple[bytes, ...]) -> bytes | None:
        return merkle.root_from_path(leaf, index=index, count=count, path=path)

    assert led_to(leaves[other], index, path) != root
    assert led_to(leaves[index], other, path) != root
    assert led_to(leaves[index], index, flipped) != root
    assert led_to(leaves[index], index, path[:-1]) is None
    assert led_to(leaves[index], index, (*path, root)) is None
    assert led_to(leaves[index], count, path) is None


@given(count=st.integers(1, 3 * RUN_LEAVES), data=st.data())
def test_runs_are_subtrees(count: int, data: st.DataObject) -> None:
    leaves = _leaves(count)
    index = data.draw(st.integers(0, count - 1))
    starts = range(0, count, RUN_LEAVES)
    roots = [merkle.root_of(leaves[start : start + RUN_LEAVES]) for start in starts]
    run, place = divmod(index, RUN_LEAVES)
    mine = leaves[run * RUN_LEAVES : (run + 1) * RUN_LEAVES]

    path = merkle.path_of(mine, place) + merkle.path_of(roots, run)

    assert merkle.root_of(roots) == merkle.root_of(leaves)
    assert path == merkle.path_of(leaves, index)


_VALUE = st.none() | st.integers(0, 2**63 - 1) | st.text()
_TRANSFER = st.fixed_dictionaries(dict.fromkeys(FIELDS, _VALUE))


@given(one=_TRANSFER, two=_TRANSFER)
def test_different_transfers_are_spelled_differently(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    same = merkle.leaf_bytes_of(one) == merkle.leaf_bytes_of(two)

    assert same == (one == two)


@given(fields=_TRANSFER)
def test_a_leaf_is_plain_json_that_anybody_can_write(fields: dict[str, Any]) -> None:
    plain = json.dumps(
        ["transfer/1", *(fields[name] for name in FIELDS)],
        ensure_ascii=False,
        separators=(",", ":"),
    )

    assert merkle.leaf_bytes_of(fields) == plain.encode()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 1.5},
        {"amount": True},
        {"amount": 2**64},
        {"note": "more"},
        {"reason": ["a", "list"]},
        {"reason": "\ud800"},
    ],
)
def test_what_is_no_transfer_has_no_leaf(change: dict[str, Any]) -> None:
    fields = dict.fromkeys(FIELDS) | change

    with pytest.raises(ValueError, match="transfer"):
        merkle.leaf_bytes_of(fields)


def test_a_digest_covers_every_field_of_its_header() -> None:
    header = {
        "number": 1,
        "first_sequence": 1,
        "last_sequence": 9,
        "transfer_count": 9,
        "root": "a" * 64,
        "previous_digest": merkle.NO_BLOCK,
        "sealed_at": "2026-11-22T10:00:00.000000Z",
    }
    digests = {Header(**header).digest}  # type: ignore[arg-type]

    for name, value in header.items():
        changed = value + 1 if isinstance(value, int) else f"{value}0"
        digests.add(Header(**header | {name: changed}).digest)  # type: ignore[arg-type]

    assert len(digests) == 1 + len(header)
