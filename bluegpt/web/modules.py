"""The ES modules of the pages, by the names that they import each other by."""

from pathlib import Path

_SCRIPTS = Path(__file__).parent / "static" / "js"

VENDORED = {
    "marked": "vendor/marked-18.2.1/marked.esm.js",
    "dompurify": "vendor/dompurify-3.4.18/purify.min.js",
    "highlight": "vendor/highlight-11.12/highlight.min.js",
    "katex": "vendor/katex-0.18.11/katex.min.js",
}


def _own() -> dict[str, str]:
    folders = ("behaviours", "lib")
    paths = [path for folder in folders for path in sorted((_SCRIPTS / folder).glob("*.js"))]
    names = [f"{path.parent.name}/{path.stem}" for path in paths]
    return {name: f"js/{name}.js" for name in names}


# What a conversation's page imports in any case, the deepest included.
CONVERSATION = (
    "lib/loader",
    "lib/swap",
    "lib/talk",
    "lib/text",
    "lib/pinned",
    "lib/markdown",
    "lib/finishing",
    "lib/maths",
    "lib/growing",
    "lib/healing",
    "marked",
    "dompurify",
    "behaviours/markdown",
    "behaviours/composer",
    "behaviours/live-answer",
    "behaviours/bottom",
)

# Static files do not change while the process lives, so the folder is read once.
NAMES: dict[str, str] = {**VENDORED, **_own()}
