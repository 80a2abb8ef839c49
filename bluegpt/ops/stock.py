"""What a new installation has on its shelves: models, and prices in credits."""

from bluegpt.providers.services import catalogue
from bluegpt.studio.services import pricing


def restock() -> None:
    """Put the packaged catalogue in place and publish its prices. Twice is once."""
    catalogue.load_packaged()
    pricing.publish()
