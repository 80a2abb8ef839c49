"""What the image studio shows: its composer, its settings by model, and wishes with their ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bluegpt.core.errors import BlueError
from bluegpt.providers.types.models import Canvas, Model
from bluegpt.providers.types.pictures import AUTO, PictureFormat
from bluegpt.studio.queries import gallery
from bluegpt.studio.types.media import AssetView, CreationView, Kind
from bluegpt.web.studio import composing, shown

USUAL_QUALITY = "medium"
_LATEST = 8
_NUMBERS = range(1, 9)
# The side of the box in which a shape is drawn, and what is left free around it.
_BOX, _INSET = 24, 3

_WORDS: dict[str, Promise] = {
    "low": pgettext_lazy("image quality", "Draft"),
    "medium": pgettext_lazy("image quality", "Standard"),
    "high": pgettext_lazy("image quality", "High"),
    "standard": pgettext_lazy("image quality", "Standard"),
    "hd": pgettext_lazy("image quality", "High"),
    "transparent": gettext_lazy("Transparent"),
    "opaque": gettext_lazy("Opaque"),
    "vivid": gettext_lazy("Vivid"),
    "natural": gettext_lazy("Natural"),
    AUTO: pgettext_lazy("image setting", "Automatic"),
    "": pgettext_lazy("image setting", "Automatic"),
    **{each: each.upper() for each in ("1k", "2k", "4k", *PictureFormat)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawDraft:
    """What the composer holds when a page is shown: all that a refused wish had."""

    text: str = ""
    model_key: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    inputs: tuple[AssetView, ...] = ()
    error: BlueError | None = None
    had_files: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value that can be chosen, as it is said."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeChoice:
    """A size with its shape, in the units of a box of 24 by 24; zeros when the model chooses."""

    value: str
    label: str
    pixels: str
    is_chosen: bool
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawSettings:
    """All that can be chosen for one model. Rows with nothing to choose are empty."""

    sizes: tuple[SizeChoice, ...]
    qualities: tuple[Choice, ...]
    numbers: tuple[Choice, ...]
    backgrounds: tuple[Choice, ...]
    formats: tuple[Choice, ...]
    styles: tuple[Choice, ...]
    has_seeds: bool
    seed: str
    references_max: int
    has_masks: bool

    @property
    def has_more(self) -> bool:
        return bool(self.backgrounds or self.formats or self.styles or self.has_seeds)


def composer(person_id: UUID, draft: DrawDraft) -> dict[str, Any]:
    """The composer with a model chosen: the draft's, else the first that can be used."""
    groups = shown.drawing_choices(draft.model_key, person_id)
    context = composing.with_model(groups, draft.model_key, person_id)
    chosen = context["chosen"]
    told = settings_for(chosen.model, draft.settings) if chosen else None
    return {**context, "draft": draft, "draw": told}


def settings_for(model: Model, wished: dict[str, Any]) -> DrawSettings:
    """What a model can be told, with what was wished where the model has it."""
    skills = model.drawing
    qualities = tuple(
        dict.fromkeys(name for canvas in model.canvases for name, _max in canvas.tokens_max)
    )
    usual = USUAL_QUALITY if USUAL_QUALITY in qualities else next(iter(qualities), AUTO)
    seed = wished.get("seed")
    return DrawSettings(
        sizes=_sizes(model.canvases, str(wished.get("size", ""))),
        qualities=_choices(qualities, wished.get("quality") or usual),
        numbers=_choices(
            [str(each) for each in _NUMBERS if each <= skills.number_max],
            str(wished.get("number") or 1),
        ),
        backgrounds=_choices(
            [AUTO, *skills.backgrounds] if skills.backgrounds else [],
            wished.get("background") or AUTO,
        ),
        formats=_choices(skills.formats, wished.get("format") or "png"),
        styles=_choices(["", *skills.styles] if skills.styles else [], wished.get("style")),
        has_seeds=skills.has_seeds,
        seed="" if seed is None else str(seed),
        references_max=skills.references_max,
        has_masks=skills.has_masks,
    )


def _choices(values: Sequence[str], wished: object) -> tuple[Choice, ...]:
    """Values with one chosen; none at all where there is nothing to choose."""
    values = list(dict.fromkeys(values))
    if len(values) < 2:
        return ()
    chosen = wished if wished in values else values[0]
    return tuple(Choice(value=each, label=said(each), is_chosen=each == chosen) for each in values)


def said(value: str) -> str:
    """A setting's value as people say it; a provider's own word where we have no better one."""
    return str(_WORDS.get(value.lower(), value))


def _sizes(canvases: Sequence[Canvas], wished: str) -> tuple[SizeChoice, ...]:
    values = [canvas.size for canvas in canvases]
    chosen = wished if wished in {*values, AUTO} else next(iter(values), AUTO)
    drawn = [shape(canvas, is_chosen=canvas.size == chosen) for canvas in canvases]
    if len(drawn) > 1:
        drawn.append(SizeChoice(value=AUTO, label=said(AUTO), pixels="", is_chosen=chosen == AUTO))
    return tuple(drawn)


def shape(canvas: Canvas, *, is_chosen: bool) -> SizeChoice:
    """A size as a small drawing of its proportion."""
    width, height = canvas.pixels
    room = _BOX - 2 * _INSET
    scale = room / max(width, height)
    drawn_width, drawn_height = round(width * scale, 1), round(height * scale, 1)
    return SizeChoice(
        value=canvas.size,
        label=ratio(width, height),
        pixels=f"{width} × {height}",
        is_chosen=is_chosen,
        x=round((_BOX - drawn_width) / 2, 1),
        y=round((_BOX - drawn_height) / 2, 1),
        width=drawn_width,
        height=drawn_height,
    )


_RATIOS = ((1, 1), (5, 4), (4, 3), (3, 2), (16, 9), (2, 1), (21, 9), (3, 1))
_RATIO_TOLERANCE = 0.04


def ratio(width: int, height: int) -> str:
    """The proportion as people call it: "16:9" for 1344 by 768, too."""
    is_tall = height > width
    long, short = max(width, height), min(width, height)
    near = [pair for pair in _RATIOS if abs(long / short - pair[0] / pair[1]) < _RATIO_TOLERANCE]
    common = gcd(long, short)
    first, second = near[0] if near else (long // common, short // common)
    return f"{second}:{first}" if is_tall else f"{first}:{second}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationShown:
    """A wish with how it went. `blanks` are the places of pictures that are still to come."""

    creation: CreationView
    facts: tuple[str, ...]
    blanks: tuple[int, ...]
    width: int
    height: int


def latest(person_id: UUID) -> tuple[CreationShown, ...]:
    """The newest wishes for pictures, with their ends."""
    found = gallery.creations(person_id=person_id, kind=Kind.PICTURE, limit=_LATEST)
    return tuple(creation_shown(each) for each in found)


def creation_shown(creation: CreationView) -> CreationShown:
    """One wish, ready for its template."""
    chosen = creation.settings
    width, _x, height = str(chosen.get("size", "")).partition("x")
    is_sized = width.isdigit() and height.isdigit()
    return CreationShown(
        creation=creation,
        facts=(*_size_of(creation), *facts(creation)),
        blanks=tuple(range(int(chosen.get("number", 1)))),
        width=int(width) if is_sized else 1,
        height=int(height) if is_sized else 1,
    )


def facts(creation: CreationView) -> tuple[str, ...]:
    """What was chosen beside the size, in a row; what was left to the model is not said."""
    chosen = creation.settings
    told = [str(chosen.get(name, "")) for name in ("quality", "background", "style")]
    if "seed" in chosen:
        told.append(_("seed %(seed)s") % {"seed": chosen["seed"]})
    if chosen.get("has_mask"):
        told.append(_("with a mask"))
    return tuple(said(each) for each in told if each and each != AUTO)


def _size_of(creation: CreationView) -> tuple[str, ...]:
    width, _x, height = str(creation.settings.get("size", "")).partition("x")
    return (f"{width} × {height}",) if height else ()


def inputs(person_id: UUID, ids: Iterable[UUID]) -> tuple[AssetView, ...]:
    """Pictures to work from. Raises UnknownAsset for what is not theirs."""
    return tuple(gallery.asset(person_id=person_id, asset_id=each) for each in ids)
