"""What pictures and PDF pages cost in tokens, per provider: upper bounds.

Sources: the providers' pages on images and documents (OpenAI "Images and vision", Anthropic
"Vision" and "PDF support", Google "Media resolution" and "Image understanding", mistral-common
"Images"), checked in November 2026 against published measurements per resolution. They change
without notice; a bound that proves too low costs the platform, never the customer.
"""

from math import ceil

from bluegpt.providers.types.models import Model

# OpenAI: patches of 32 px, at most 2,500 of them with detail "high"; models weigh a patch with
# 1 to 2.46 tokens. Older models count tiles of 512 px instead, which stays below.
_OPENAI_PATCH_PX = 32
_OPENAI_PATCHES_MAX = 2_500
_OPENAI_WEIGHT_PERCENT = 246
_OPENAI_LEAST = 300
# gpt-4o-mini makes pictures as dear as its big sister does, by counting 33 times the tokens.
_MINI_BASE, _MINI_TILE, _TILE_PX, _TILES_MAX = 2_833, 5_667, 512, 8

_ANTHROPIC_PATCH_PX = 28
_ANTHROPIC_FRAME = 80
_ANTHROPIC_MOST = 4_900

_GOOGLE_TILE_PX = 768
_GOOGLE_TILE = 258
_GOOGLE_LEAST = 1_120  # Gemini 3 and later: one budget for a picture of any size

_MISTRAL_PATCH_PX = 16
_MISTRAL_MOST = 4_160  # 64 rows of 64 patches, and what ends each row

# A picture given to one that draws, at OpenAI: 65 tokens, 129 for a tile of 512 px once the shorter
# side has that length, and what a faithful reading adds to those of an oblong shape.
_REFERENCE_BASE, _REFERENCE_TILE, _REFERENCE_FAITHFUL = 65, 129, 6_240

# A page is given as its text and as a picture.
_PAGE = {"google": 1_200, "anthropic": 4_500}
_PAGE_ELSEWHERE = 3_000


def image_bound(*, provider: str, wire_name: str, width_px: int, height_px: int) -> int:
    """The most tokens that a picture of this size counts as input."""
    match provider:
        case "anthropic":
            patches = _cells(width_px, height_px, _ANTHROPIC_PATCH_PX)
            return min(_ANTHROPIC_MOST, patches + _ANTHROPIC_FRAME)
        case "google":
            return max(_GOOGLE_LEAST, _GOOGLE_TILE * _cells(width_px, height_px, _GOOGLE_TILE_PX))
        case "mistral":
            rows = ceil(height_px / _MISTRAL_PATCH_PX)
            return min(_MISTRAL_MOST, _cells(width_px, height_px, _MISTRAL_PATCH_PX) + rows)
        case _ if wire_name.startswith("gpt-4o-mini"):
            tiles = min(_TILES_MAX, _cells(width_px, height_px, _TILE_PX))
            return _MINI_BASE + _MINI_TILE * tiles
        case _:
            patches = min(_OPENAI_PATCHES_MAX, _cells(width_px, height_px, _OPENAI_PATCH_PX))
            return max(_OPENAI_LEAST, -(-patches * _OPENAI_WEIGHT_PERCENT // 100))


def reference_bound(model: Model, *, width_px: int, height_px: int) -> int:
    """The most tokens that a picture counts which a model that draws is given to work from."""
    if model.provider == "google":
        return image_bound(
            provider="google", wire_name=model.wire_name, width_px=width_px, height_px=height_px
        )
    shorter = max(1, min(width_px, height_px))
    tiles = -(-max(width_px, height_px) // shorter)
    return _REFERENCE_BASE + _REFERENCE_TILE * tiles + _REFERENCE_FAITHFUL


def page_bound(provider: str) -> int:
    """The most tokens that one page of a PDF counts as input."""
    return _PAGE.get(provider, _PAGE_ELSEWHERE)


def _cells(width_px: int, height_px: int, cell_px: int) -> int:
    return ceil(width_px / cell_px) * ceil(height_px / cell_px)
