"""Whose data studio's tables hold, and how they end."""

from bluegpt.studio.personal_data import calls, conversations, media

__all__ = ["calls", "conversations", "media"]
