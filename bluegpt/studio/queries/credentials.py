"""Whether Content Credentials can be signed."""

from bluegpt.studio.adapters import credentials


def fault() -> str | None:
    """Why none can be signed, empty when they can; None where no certificate is named."""
    return credentials.fault() if credentials.is_configured() else None
