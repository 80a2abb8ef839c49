"""From the messages of a branch to the turns that a provider accepts."""

from collections.abc import Iterable

from bluegpt.providers.types.turns import TextPart, Turn


def merged(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Turns that alternate: empty ones fall out, neighbours of one role become one.

    An answer that failed before its first word leaves two questions in a row, which some
    providers refuse.
    """
    result: list[Turn] = []
    for turn in turns:
        parts = tuple(
            part for part in turn.parts if not isinstance(part, TextPart) or part.text.strip()
        )
        if not parts:
            continue
        if result and result[-1].role == turn.role:
            result[-1] = Turn(role=turn.role, parts=result[-1].parts + parts)
        else:
            result.append(Turn(role=turn.role, parts=parts))
    return tuple(result)


def told_of_pictures(count: int) -> str:
    """What a model is told in place of an answer that was pictures; nothing for none."""
    return f"[The answer was a picture, made by another model: {count}.]" if count else ""
