"""The key that signs receipts: a file of mode 600 in the data folder, made at first use."""

from django.conf import settings

from bluegpt.core.settings import kept_secret

NAME = "receipt.key"


def receipt_key() -> bytes:
    """The 32 secret bytes."""
    return kept_secret(settings.BLUEGPT.site.data_dir, NAME)
