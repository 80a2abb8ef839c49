"""The canary search finds what it is meant to find; a search that sees nothing proves nothing."""

import base64
import gzip
import json
import sqlite3
import tempfile
import time
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import canary

SENTENCE = "the heron of Été 1987 sleeps under the seventh bridge"
PLAIN = SENTENCE.encode()


@pytest.mark.parametrize(
    ("disguise", "written"),
    [
        ("utf-8", b"\x00\xff" + PLAIN + b"\x00"),
        ("utf-16", SENTENCE.encode("utf-16")),
        ("utf-16", b"x" + SENTENCE.encode("utf-16-be")),
        ("json", json.dumps({"text": f"Say: {SENTENCE}"}).encode()),
        ("hex", PLAIN.hex().encode()),
        ("hex", PLAIN.hex().upper().encode()),
        ("percent", quote(SENTENCE).encode()),
        ("base64+0", base64.b64encode(PLAIN)),
        ("base64+1", base64.b64encode(b"a" + PLAIN + b"tail")),
        ("base64+2", base64.urlsafe_b64encode(b"ab" + PLAIN)),
        ("base64+0", base64.encodebytes(b"begin:" * 3 + PLAIN)),
        ("gzip, utf-8", gzip.compress(b"x" * 100 + PLAIN, mtime=0)),
        ("gzip, utf-8", b"header" + gzip.compress(PLAIN, mtime=0)[:-8]),
        ("gzip, base64+1", gzip.compress(base64.b64encode(b"a" + PLAIN), mtime=0)),
        ("zlib, utf-8", b"PDF stream " + zlib.compress(PLAIN)),
        ("utf-8", SENTENCE[: len(SENTENCE) // 2].encode() + b"page boundary"),
    ],
)
def test_a_planted_canary_is_found(tmp_path: Path, disguise: str, written: bytes) -> None:
    path = tmp_path / "deep" / "down" / "file"
    path.parent.mkdir(parents=True)
    path.write_bytes(written)

    assert canary.Hit(path, disguise) in canary.hits(SENTENCE, below=tmp_path)


def test_a_canary_in_an_sqlite_write_ahead_log_is_found(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "data.sqlite3")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE message (text)")
    database.execute("INSERT INTO message VALUES (?)", [SENTENCE])
    database.commit()

    found = canary.hits(SENTENCE, below=tmp_path)
    database.close()

    assert {hit.path.name for hit in found} == {"data.sqlite3-wal"}


def test_a_canary_in_the_name_of_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{SENTENCE}.txt").touch()

    assert "utf-8" in {hit.disguise for hit in canary.hits(SENTENCE, below=tmp_path)}


def test_new_temporary_files_are_searched_too(tmp_path: Path) -> None:
    started_at = time.time() - 1
    with tempfile.NamedTemporaryFile() as file:
        file.write(PLAIN)
        file.flush()

        found = canary.hits(SENTENCE, below=tmp_path / "nothing", temp_since=started_at)

    assert Path(file.name) in {hit.path for hit in found}


def test_other_words_are_no_canary(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("the heron sleeps under another bridge, and the year was 1988")

    assert canary.hits(SENTENCE, below=tmp_path) == []


def test_a_sentence_too_short_to_be_told_apart_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="24"):
        canary.hits("short", below=tmp_path)
