"""Turns that a provider accepts."""

from bluegpt.providers.types.turns import Role, TextPart, Turn
from bluegpt.studio.rules.turns import merged


def _turn(role: Role, text: str) -> Turn:
    return Turn(role=role, parts=(TextPart(text=text),))


def test_an_empty_answer_between_two_questions_falls_out_and_they_become_one() -> None:
    turns = merged([_turn(Role.USER, "one"), _turn(Role.ASSISTANT, ""), _turn(Role.USER, "two")])

    assert [turn.role for turn in turns] == [Role.USER]
    assert turns[0].parts == (TextPart(text="one"), TextPart(text="two"))


def test_alternating_turns_stay_as_they_are() -> None:
    turns = (_turn(Role.USER, "one"), _turn(Role.ASSISTANT, "two"))

    assert merged(turns) == turns
