"""The words of `bluegpt privacy …`."""

from bluegpt.ops.verbs import Nouns, Parser, add_noun


def add_privacy(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    """The policy, its proof, the rights and the drills."""
    add_noun(nouns, everywhere, "privacy", "the policy, its proof, rights and drills")
