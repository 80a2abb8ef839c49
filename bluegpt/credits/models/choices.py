"""The words of an enumeration as a column takes them."""

from enum import StrEnum


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Each word as its own label: what people read is the pages' affair."""
    return [(word.value, word.value) for word in words]
