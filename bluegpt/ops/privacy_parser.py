"""The words of `bluegpt privacy …`."""

from bluegpt.ops.verbs import Nouns, Parser, add_noun, add_verb


def add_privacy(nouns: "Nouns[Parser]", everywhere: Parser) -> None:
    """The policy, its proof, the rights and the drills."""
    verbs = add_noun(nouns, everywhere, "privacy", "the policy, its proof, rights and drills")
    audit = add_verb(
        verbs,
        everywhere,
        "audit",
        handler="privacy_audit:show",
        text="every clause of the policy with its mechanism, tests, evidence and status",
    )
    audit.add_argument("--open", action="store_true", help="only what is not accounted for")
