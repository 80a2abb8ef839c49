"""What films cost: the bound before, and what is told of sizes."""

from dataclasses import replace

import pytest

from bluegpt.providers.queries import filming
from bluegpt.providers.rules.filming import percent_of, shape_of
from bluegpt.providers.types.films import FilmAct
from bluegpt.providers.types.models import Canvas
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage
from tests.providers.films import SECONDS, SIZE, film_model
from tests.providers.making import model

BY_TOKEN = film_model("google", wire_name="a", input=1, video_output=2, output=3)
BY_SECOND = film_model("openai", wire_name="b", video_second=5)
PICTURE = ImagePart(media_type="image/png", data=b"", width_px=64, height_px=64)


def test_where_seconds_are_billed_nothing_that_is_read_counts() -> None:
    assert filming.prompt_bound(BY_SECOND, "Hills", PICTURE, act=FilmAct.REMIX) == 0
    bound = filming.film_bound(BY_SECOND, size=SIZE, seconds=SECONDS, input_tokens=0)
    assert bound == Usage(video_seconds=SECONDS)


def test_where_tokens_are_billed_all_that_is_read_counts() -> None:
    words = filming.prompt_bound(BY_TOKEN, "Hills")
    picture = filming.prompt_bound(BY_TOKEN, "Hills", PICTURE)
    remix = filming.prompt_bound(BY_TOKEN, "Hills", act=FilmAct.REMIX)

    assert words > 0
    assert picture - words >= 2_040
    assert remix - words >= 8 * 5_792
    bound = filming.film_bound(BY_TOKEN, size=SIZE, seconds=SECONDS, input_tokens=words)
    assert bound == Usage(input_tokens=words, output_tokens=24_000, video_output_tokens=24_000)


def test_a_size_that_is_not_offered_has_no_bound() -> None:
    assert filming.canvas(BY_TOKEN, "10x10") is None
    with pytest.raises(ValueError, match="does not film"):
        filming.film_bound(BY_TOKEN, size="10x10", seconds=4, input_tokens=0)
    painter = replace(model(), canvases=(Canvas(size=SIZE, tokens_max=()),))
    assert filming.canvas(painter, SIZE) is None


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ("1280x720", ("16:9", "720p")),
        ("720x1280", ("9:16", "720p")),
        ("848x480", ("16:9", "480p")),
        ("1024x1792", ("9:16", "1024p")),
        ("3840x2160", ("16:9", "4k")),
        ("720x720", ("1:1", "720p")),
        ("960x720", ("4:3", "720p")),
    ],
)
def test_a_size_is_a_shape_and_a_number_of_lines(size: str, shape: tuple[str, str]) -> None:
    assert shape_of(size) == shape


@pytest.mark.parametrize(
    ("told", "percent"),
    [
        (0, 0),
        (45, 45),
        (45.7, 45),
        (100, 99),
        (-3, 0),
        (float("inf"), None),
        (True, None),
        ("45", None),
        (None, None),
    ],
)
def test_what_is_not_done_is_never_whole(told: object, percent: int | None) -> None:
    assert percent_of(told) == percent
