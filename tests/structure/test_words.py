"""No promise left open in a comment, and no trace of the machine a line was written on."""

import re

import pytest

from tests.structure.sources import files, name

TEXT = (
    ".cfg",
    ".css",
    ".html",
    ".ini",
    ".js",
    ".json",
    ".lock",
    ".md",
    ".mjs",
    ".po",
    ".py",
    ".pyi",
    ".sh",
    ".svg",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
)
# Written with brackets, so that this file does not hold them itself.
FORBIDDEN = {
    "open promise": r"\b(T[O]DO|F[I]XME)\b",
    "machine path": r"(?<![\w.])/(wor[k]|roo[t]|hom[e]|tm[p])/",
    "design folder": r"\bshared[/](design|spec|wire|data|hooks)\b",
    "registry": r"pypi[.]org|pythonhosted[.]org|npmjs[.]org|npmmirro[r]|index-ur[l]",
    "hired pen": r"(?i)co-authored-b[y]|generated wit[h]|by an? (a[i]|agent)\b|sub-?agent[s]?\b",
}


@pytest.mark.parametrize("kind", sorted(FORBIDDEN))
def test_no_file_holds_a_forbidden_word(kind: str) -> None:
    pattern = re.compile(FORBIDDEN[kind])

    found = [
        f"{name(path)}:{number}"
        for path in files(*TEXT)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]

    assert not found, "\n".join(found)
