"""Pictures and films as their owner keeps them."""

from enum import StrEnum


class Kind(StrEnum):
    """What an asset is."""

    PICTURE = "picture"
    FILM = "film"


class Origin(StrEnum):
    """Where an asset came from."""

    MADE = "made"  # by a model, here
    GIVEN = "given"  # by the person, to work from


class FilmStep(StrEnum):
    """What our worker does next for a film. Each is safe to begin again after a crash."""

    SUBMIT = "submit"  # nothing has left yet
    SUBMITTING = "submitting"  # it may have left: it is never sent a second time
    WATCH = "watch"
    FETCH = "fetch"
    ENDED = "ended"
