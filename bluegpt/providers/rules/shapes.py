"""What a size is called on wires that name a shape and a resolution, and no pixels."""

from math import log

# Without those that are too long for any of our sizes.
SHAPES = ("1:1", "3:2", "2:3", "4:3", "3:4", "5:4", "4:5", "16:9", "9:16", "21:9", "9:21")
# The length that a square of as many pixels would have, at most, in pixels.
_RESOLUTIONS = ((724, "512"), (1_448, "1K"), (2_896, "2K"))
_LARGEST = "4K"


def shape_of(size: str) -> str:
    """The shape nearest to a size: "16:9" for "1376x768"."""
    width, height = _sides(size)
    return min(SHAPES, key=lambda shape: abs(log(width / height) - _length(shape)))


def resolution_of(size: str) -> str:
    """ "512", "1K", "2K" or "4K", by the number of pixels."""
    width, height = _sides(size)
    return next((name for most, name in _RESOLUTIONS if width * height <= most**2), _LARGEST)


def _sides(size: str) -> tuple[int, int]:
    width, _x, height = size.partition("x")
    return int(width), int(height)


def _length(shape: str) -> float:
    width, _colon, height = shape.partition(":")
    return log(int(width) / int(height))
