"""A visible label in the corner of a picture: white letters on a dark ground with a light edge.

The letters are those that come with Pillow, so that every machine draws the same. They are ASCII;
an acute accent, the one that our words need beside it, is drawn as a stroke.
"""

import unicodedata

from PIL import Image, ImageDraw, ImageFont

# Parts of the shorter side. Below 11 px a label can hardly be read, so it then takes more room.
_LETTERS, _LETTERS_PX_MIN = 0.035, 11
_MARGIN = 0.02
_WIDTH_MAX = 0.9  # of the picture
_GROUND, _EDGE, _INK = (16, 16, 16, 184), (255, 255, 255, 150), (255, 255, 255, 255)
_FINER = 4  # drawn larger and made smaller: smooth edges
_ACUTE = "\u0301"


def labelled(picture: Image.Image, label: str) -> Image.Image:
    """The picture, RGB or RGBA, with words in its lower right corner, whatever its colours."""
    sign, place = sign_for(picture.size, label)
    whole = picture.convert("RGBA")
    whole.alpha_composite(sign, place)
    return whole.convert(picture.mode)


def sign_for(sides: tuple[int, int], label: str) -> tuple[Image.Image, tuple[int, int]]:
    """The sign for a picture of so many pixels, RGBA, and where its upper left corner belongs."""
    sign = _sign(label, letters_px=_letters_px(sides, label))
    margin = round(min(sides) * _MARGIN)
    width, height = sides
    return sign, (max(0, width - sign.width - margin), max(0, height - sign.height - margin))


def _letters_px(sides: tuple[int, int], label: str) -> float:
    size = max(_LETTERS_PX_MIN, min(sides) * _LETTERS)
    wanted = _font(size).getlength(_plain(label)) + size
    return size * min(1, sides[0] * _WIDTH_MAX / wanted)


def _sign(label: str, *, letters_px: float) -> Image.Image:
    size = letters_px * _FINER
    font, plain = _font(size), _plain(label)
    left, top, right, bottom = font.getbbox(plain)
    pad_x, pad_y = size * 0.5, size * 0.42
    sides = round(right - left + 2 * pad_x), round(bottom - top + 2 * pad_y)
    sign = Image.new("RGBA", sides)
    draw = ImageDraw.Draw(sign)
    draw.rounded_rectangle(
        (0, 0, sides[0] - 1, sides[1] - 1),
        radius=size * 0.42,
        fill=_GROUND,
        outline=_EDGE,
        width=round(max(_FINER, size / 16)),
    )
    start = (pad_x - left, pad_y - top)
    draw.text(start, plain, font=font, fill=_INK)
    for before, letter in _accented(label):
        middle = start[0] + font.getlength(before) + font.getlength(letter) / 2
        foot = start[1] + font.getbbox(letter)[1] - size * 0.09
        stroke = (middle - size * 0.05, foot, middle + size * 0.08, foot - size * 0.15)
        draw.line(stroke, fill=_INK, width=round(size * 0.09))
    return sign.resize(
        (max(1, sides[0] // _FINER), max(1, sides[1] // _FINER)), Image.Resampling.LANCZOS
    )


def _plain(label: str) -> str:
    plain = unicodedata.normalize("NFD", label).replace(_ACUTE, "")
    assert plain.isascii(), "a label of letters that are not drawn here"
    return plain


def _accented(label: str) -> list[tuple[str, str]]:
    """Each letter with an acute accent, and the plain text before it."""
    spelt = unicodedata.normalize("NFD", label)
    return [
        (_plain(spelt[: at - 1]), spelt[at - 1]) for at, sign in enumerate(spelt) if sign == _ACUTE
    ]


def _font(size_px: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size_px)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow comes with FreeType"
    return font
