"""What the video studio shows: its composer, its settings by model, and films with their ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bluegpt.core.errors import BlueError
from bluegpt.providers.errors import UnknownModel
from bluegpt.providers.queries import catalogue
from bluegpt.providers.types.films import FilmAct
from bluegpt.providers.types.models import Canvas, FilmingSkills, Model, Sound
from bluegpt.studio.queries import films, gallery
from bluegpt.studio.types.media import AssetView, CreationView, FilmView, Kind
from bluegpt.web.studio import composing, drawing, shown
from bluegpt.web.studio.drawing import Choice, SizeChoice

_LATEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmDraft:
    """What the composer holds when a page is shown: all that a refused wish had.

    `source` is the film that is to be changed or carried on.
    """

    text: str = ""
    model_key: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    inputs: tuple[AssetView, ...] = ()
    act: FilmAct = FilmAct.CREATE
    source: AssetView | None = None
    wants_mail: bool = False
    error: BlueError | None = None
    had_files: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmSettingsShown:
    """All that can be chosen for one model."""

    sizes: tuple[SizeChoice, ...]
    seconds: tuple[Choice, ...]
    can_choose_sound: bool
    has_sound: bool  # what is chosen, or what the model does in any case
    starts_from_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmShown:
    """A film as its card shows it. `width` and `height` are those asked for until it is there."""

    creation: CreationView
    film: FilmView | None  # None for one that came back in an archive
    facts: tuple[str, ...]
    width: int
    height: int
    can_remix: bool
    can_extend: bool

    @property
    def asset(self) -> AssetView | None:
        return next(iter(self.creation.assets), None)


def composer(person_id: UUID, draft: FilmDraft) -> dict[str, Any]:
    """The composer with a model chosen: the draft's, else the first that can be used."""
    groups = shown.filming_choices(draft.model_key, person_id)
    context = composing.with_model(groups, draft.model_key, person_id)
    chosen = context["chosen"]
    told = settings_for(chosen.model, draft.settings) if chosen else None
    return {**context, "draft": draft, "told": told}


def settings_for(model: Model, wished: dict[str, Any]) -> FilmSettingsShown:
    """What a model can be told, with what was wished where the model has it."""
    skills = _skills(model)
    values = [canvas.size for canvas in skills.canvases]
    size = wished.get("size") if wished.get("size") in values else values[0]
    lengths = [str(each) for each in skills.seconds]
    seconds = str(wished.get("seconds") or "")
    seconds = seconds if seconds in lengths else lengths[0]
    wants_sound = bool(wished.get("sound", wished.get("with_sound", True)))
    return FilmSettingsShown(
        sizes=tuple(
            drawing.shape(Canvas(size=each, tokens_max=()), is_chosen=each == size)
            for each in values
        ),
        seconds=tuple(
            Choice(
                value=each, label=_("%(seconds)s s") % {"seconds": each}, is_chosen=each == seconds
            )
            for each in lengths
        ),
        can_choose_sound=skills.sound is Sound.CHOICE,
        has_sound=wants_sound if skills.sound is Sound.CHOICE else skills.sound is Sound.ALWAYS,
        starts_from_picture=skills.starts_from_picture,
    )


def _said_s(seconds: str) -> str:
    return _("%(seconds)s s") % {"seconds": seconds}


def _skills(model: Model) -> FilmingSkills:
    assert model.filming is not None, "whoever asks has looked whether it films"
    return model.filming


def latest(person_id: UUID) -> tuple[FilmShown, ...]:
    """The newest films, with their ends."""
    return films_shown(
        person_id, gallery.creations(person_id=person_id, kind=Kind.FILM, limit=_LATEST)
    )


def one(person_id: UUID, creation_id: UUID) -> FilmShown:
    """One film. Raises UnknownCreation."""
    creation = gallery.creation(person_id=person_id, creation_id=creation_id)
    return films_shown(person_id, [creation])[0]


def films_shown(person_id: UUID, creations: Sequence[CreationView]) -> tuple[FilmShown, ...]:
    """Films, ready for their template."""
    views = films.views(person_id=person_id, creation_ids=[each.id for each in creations])
    return tuple(_shown(each, views.get(each.id)) for each in creations)


def _shown(creation: CreationView, view: FilmView | None) -> FilmShown:
    asset = next(iter(creation.assets), None)
    width, _x, height = str(creation.settings.get("size", "")).partition("x")
    asked = (int(width), int(height)) if width.isdigit() and height.isdigit() else (16, 9)
    came = (asset.width_px, asset.height_px) if asset and asset.width_px else asked
    skills = _skills_now(creation.model_key) if view and view.is_at_provider and asset else None
    return FilmShown(
        creation=creation,
        film=view,
        facts=facts(creation),
        width=came[0],
        height=came[1],
        can_remix=skills is not None and skills.remixes,
        can_extend=skills is not None and skills.extends,
    )


def _skills_now(model_key: str) -> FilmingSkills | None:
    """What a model does today; None for one that is offered no more."""
    try:
        model = catalogue.model(model_key)
    except UnknownModel:
        return None
    return model.filming if model.is_available else None


def facts(creation: CreationView) -> tuple[str, ...]:
    """What came, where it came, else what was asked for: length, size, sound."""
    chosen, asset = creation.settings, next(iter(creation.assets), None)
    if asset is not None and asset.duration_ms:
        seconds = f"{asset.duration_ms / 1_000:.1f}".removesuffix(".0")
        size, has_sound = f"{asset.width_px}x{asset.height_px}", asset.has_sound
    else:
        seconds, size = str(chosen.get("seconds", "")), str(chosen.get("size", ""))
        has_sound = bool(chosen.get("with_sound"))
    told = [
        _said_s(seconds) if seconds else "",
        size.replace("x", " × "),
        _("with sound") if has_sound else _("without sound"),
    ]
    acts: dict[str, str] = {
        FilmAct.REMIX: _("a change of another"),
        FilmAct.EXTEND: _("another carried on"),
    }
    told.append(acts.get(str(chosen.get("act", "")), ""))
    return tuple(each for each in told if each)
