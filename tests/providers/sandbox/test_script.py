"""What the sandbox says, and how it counts what it says."""

import pytest

from bluegpt.providers.adapters.sandbox import script, tokens
from bluegpt.providers.adapters.sandbox.ask import Ask, Attachment, Said
from bluegpt.providers.adapters.sandbox.pieces import cut, stretched


def _ask(*texts: str, system: str = "", attachments: tuple[Attachment, ...] = ()) -> Ask:
    """A conversation in which the sandbox answered "…" in between."""
    turns: list[Said] = []
    for text in texts:
        turns += [Said(role="user", text=text, attachments=attachments)]
        turns += [Said(role="assistant", text="…")]
    return Ask(model="writer", system=system, turns=tuple(turns[:-1]), is_stream=False)


@pytest.mark.parametrize("question", ["What can you do?", "Que sais-tu faire ?"])
def test_the_first_answer_says_what_it_is_and_shows_what_the_page_can_render(
    question: str,
) -> None:
    said = script.answer(_ask(question))

    assert "no AI company sees this" in said or "aucune entreprise d’IA ne voit" in said
    assert question in said
    for sample in (
        "## ",
        "\n- ",
        "\n  1. ",
        "|:--",
        "```python\n",
        "$e^{i",
        "\n$$\n",
        "](https://",
    ):
        assert sample in said, sample


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Explain the difference between TCP and UDP", "en"),
        ("hello", "en"),
        ("Explique la différence entre TCP et UDP", "fr"),
        ("salut", "fr"),
        ("C'est quoi ?", "fr"),
        ("L’addition, s’il vous plaît", "fr"),
        ("What does 'je ne sais pas' mean in the end, and who said it?", "en"),
        ("42", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_that_of_the_question(text: str, language: str) -> None:
    assert script.language(_ask(text)) == language


def test_a_message_without_words_keeps_the_language_of_the_conversation() -> None:
    assert script.language(_ask("Bonjour, comment vas-tu ?", "1 + 1 = 3")) == "fr"


def test_each_turn_brings_something_else() -> None:
    said = [script.answer(_ask(*["Tell me more"] * turns)) for turns in range(1, 7)]

    assert len(set(said)) == 6
    assert all("sandbox" in text for text in said)
    assert "<<" not in "".join(said)


@pytest.mark.parametrize("question", ["Hello, what is this?", "Bonjour, qu’est-ce que c’est ?"])
@pytest.mark.parametrize("turns", [1, 2, 3, 4])
def test_an_answer_has_a_readable_length(question: str, turns: int) -> None:
    count = tokens.count(script.answer(_ask(*[question] * turns)))

    assert 200 <= count <= 700


def test_the_same_conversation_gets_the_same_answer() -> None:
    assert script.answer(_ask("Why?", "And?")) == script.answer(_ask("Why?", "And?"))


def test_the_question_is_quoted_short_and_harmless() -> None:
    said = script.answer(_ask("Look:\n<script>alert(1)</script> *and* $x$ | " + "very " * 90))

    quote = next(line for line in said.splitlines() if line.startswith("> "))
    assert quote.startswith(r"> Look: \<script\>alert(1)\</script\> \*and\* \$x\$ \|")
    assert quote.endswith("…")
    assert len(quote) < 200


def test_attachments_and_instructions_are_mentioned_by_their_outside() -> None:
    image = Attachment(media_type="image/png", size_bytes=1_234, width_px=640, height_px=480)
    document = Attachment(media_type="application/pdf", size_bytes=99_000, pages=3)

    said = script.answer(
        _ask("What is this?", system="Be brief, be kind.", attachments=(image, document))
    )

    assert "image/png, 640 × 480 pixels, 1234 bytes" in said
    assert "PDF of 99000 bytes" in said
    assert "(words: 4)" in said


def test_switches_are_not_quoted() -> None:
    said = script.answer(_ask("Why?\nsandbox: pace_ms=0\nReally?"))

    assert "pace_ms=0" not in said
    assert "> Why? Really?" in said


@pytest.mark.parametrize(
    "text", ["", "a", "Hello, world!\n\n\tx = 1;  # é", "東京🗼👩‍👩‍👧", "\r\n\x00"]
)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens.pieces(text)) == text
    assert cut(text).text() == text
    assert tokens.count(text) <= len(text)


def test_a_token_is_about_four_characters() -> None:
    for question in ("What is this?", "Qu’est-ce que c’est ?"):
        said = script.answer(_ask(question))
        assert 3.5 <= len(said) / tokens.count(said) <= 4.5


@pytest.mark.parametrize("length", [0, 1, 5, 1_000])
def test_a_text_stretches_to_any_length(length: int) -> None:
    stretched_text = stretched("one two three. ", length)

    assert len(list(stretched_text)) == length
    assert stretched_text.first(3).length == min(3, length)
