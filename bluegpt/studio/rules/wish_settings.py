"""What a wish was told beside its words, when somebody else says so: an archive that comes back."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bluegpt.providers.types.films import FilmAct
from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.types.media import Kind

Setting = str | int | bool

_WHOLE_MAX: Final = 2**53  # what every program reads exactly
_WORD = re.compile(r"[\w.:-]{1,40}")  # a size or a shape too


def _whole(value: Any, most: int = _WHOLE_MAX) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _word(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _switch(value: Any) -> bool:
    return isinstance(value, bool)


_FITS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.PICTURE: {
        "number": lambda value: _whole(value, 100) and value > 0,
        "size": _word,
        "quality": _word,
        "background": _word,
        "format": lambda value: value in {each.value for each in PictureFormat},
        "style": _word,
        "seed": _whole,
        "has_mask": _switch,
    },
    Kind.FILM: {
        "seconds": lambda value: _whole(value, 3_600) and value > 0,
        "size": _word,
        "with_sound": _switch,
        "act": lambda value: value in {each.value for each in FilmAct},
    },
}


def believable(kind: Kind, told: Iterable[tuple[str, Any]]) -> dict[str, Setting]:
    """Those settings that a wish of this kind can have had; the others are left out."""
    fits = _FITS[kind]
    return {name: value for name, value in told if name in fits and fits[name](value)}
