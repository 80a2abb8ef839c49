"""Sentences of a published manifest, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def text(value: Any) -> str:
    """One sentence: a table of languages, or a string that is the same in all."""
    if isinstance(value, Mapping):
        language = (get_language() or "en").partition("-")[0]
        return str(value.get(language) or value.get("en", ""))
    return str(value or "")
