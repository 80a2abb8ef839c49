"""The libraries in the browser are byte for byte those that were looked at."""

import hashlib
from pathlib import Path

from bluegpt.web import modules

STATIC = Path(modules.__file__).parent / "static"
VENDOR = STATIC / "vendor"


def test_every_vendored_file_is_as_it_was_listed() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}

    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }

    assert found == listed


def test_every_library_brings_its_licence() -> None:
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]

    assert folders
    assert [path.name for path in folders if not list(path.glob("LICENSE*"))] == []


def test_no_vendored_file_names_a_source_map_or_a_font_that_is_not_there() -> None:
    texts = {path: path.read_text() for path in VENDOR.rglob("*.[cj]s*") if path.suffix != ".json"}

    assert [path.name for path, text in texts.items() if "sourceMappingURL" in text] == []
    assert [path.name for path, text in texts.items() if ".ttf" in text or ".woff)" in text] == []


def test_every_name_of_the_import_map_leads_to_a_file() -> None:
    missing = [name for name, path in modules.NAMES.items() if not (STATIC / path).is_file()]

    assert missing == []
    assert set(modules.CONVERSATION) <= set(modules.NAMES)
