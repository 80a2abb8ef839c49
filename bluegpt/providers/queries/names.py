"""What a model is called, whatever its edition."""

from bluegpt.providers.rules.names import alias_of


def plain_name(wire_name: str) -> str:
    """A provider's name without the date of an edition, or the word for the latest one."""
    return alias_of(wire_name).removesuffix("-latest")
