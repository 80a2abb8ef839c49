"""Bounds of pictures: what is held before a model draws covers what it can count."""

from bluegpt.providers.queries import drawing
from bluegpt.providers.types.models import Canvas, DrawingSkills, Model
from tests.providers.making import model
from tests.providers.painters import BY_PIECE, BY_TOKEN

PHOTO = (4_000, 3_000)


def painter(provider: str = "openai", **changes: object) -> Model:
    canvas = Canvas(size="1024x1024", tokens_max=(("low", 300), ("high", 4_000)))
    return model(provider, canvases=(canvas,), **{"rates": BY_TOKEN, **changes})


def test_given_pictures_are_held_for() -> None:
    bare, one, two = [
        drawing.read_bound(painter(), prompt="A house", references=[PHOTO] * count)
        for count in range(3)
    ]

    reference = drawing.reference_bound(painter(), width_px=4_000, height_px=3_000)
    assert reference >= 6_240  # a faithful reading of an oblong picture
    assert (one, two) == (bare + reference, bare + 2 * reference)


def test_what_is_given_is_held_for_each_picture_where_it_is_read_each_time() -> None:
    each_time = painter("google", drawing=DrawingSkills(reads_each_time=True))
    one, four = [
        drawing.read_bound(each_time, prompt="A house", references=[PHOTO], number=number)
        for number in (1, 4)
    ]

    assert four == 4 * one


def test_a_prompt_may_be_read_for_each_picture_and_given_pictures_once() -> None:
    prompt = drawing.prompt_bound("A house")
    reference = drawing.reference_bound(painter(), width_px=64, height_px=64)

    three = drawing.read_bound(painter(), prompt="A house", references=[(64, 64)], number=3)

    assert three == 3 * prompt + reference


def test_unfinished_pictures_on_the_way_are_held_for() -> None:
    bound = drawing.drawn_bound(painter(), size="1024x1024", quality="high", number=2, partials=3)

    assert bound == 2 * (4_000 + 3 * 100)


def test_what_is_billed_by_the_piece_draws_no_tokens() -> None:
    by_piece = painter(rates=BY_PIECE)

    assert drawing.drawn_bound(by_piece, size="auto", quality="auto", number=3, partials=1) == 0


def test_thoughts_beside_the_pictures_are_held_for() -> None:
    thinks = painter("google", drawing=DrawingSkills(aside_tokens_max=2_000))

    assert drawing.aside_bound(thinks, number=3) == 6_000
