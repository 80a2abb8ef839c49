"""What was found on this machine and at the compatible endpoint: this process's memory of it."""

from bluegpt.providers.types.models import FoundModel

_found: list[FoundModel] = []


def found() -> tuple[FoundModel, ...]:
    """What answered when it was last looked for."""
    return tuple(_found)


def remember(models: tuple[FoundModel, ...]) -> None:
    """Replace what was found before."""
    _found[:] = models
