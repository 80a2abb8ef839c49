"""Sentences of the manifest, in every language of the product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A sentence of the manifest in every language of the product."""

    en: str
    fr: str

    def in_language(self, language: str) -> str:
        """The sentence in a language such as "fr" or "fr-ca"; English when it is neither."""
        return self.fr if language.partition("-")[0] == "fr" else self.en
